"""The identity: an activated IKD on one device, from first sign-in to its end."""
