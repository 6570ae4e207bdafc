//! The binary `yardstick` again, so that tests of this crate can run it and never find a stale one.

fn main() -> std::process::ExitCode {
    yardstick_server::main()
}
