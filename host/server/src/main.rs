//! The binary `yardstick`.

fn main() -> std::process::ExitCode {
    yardstick_server::main()
}
