"""Who asks: the resident's NIK, region, contacts and device."""
