//! Where metric values come from: the source trait, import formats, aggregation.
