"""The complaint: what somebody tells an office of its service, until they have an answer."""
