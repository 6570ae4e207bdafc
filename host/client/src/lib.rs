//! Wire types: the files people write and the documents they read.
