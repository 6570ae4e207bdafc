//! Hostile and odd guests, one example each.
