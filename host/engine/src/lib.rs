//! All of wasmtime: publish checks, compile cache, limits, plan and evaluate.
