//! Reads files, opens sockets, asks for the time.

use yardstick_test_guests::*;

struct ReachesOut;

guest!(ReachesOut);

impl Guest for ReachesOut {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let file = std::fs::read_to_string("/etc/passwd").is_ok();
        let socket = std::net::TcpStream::connect("127.0.0.1:80").is_ok();
        let time = std::time::SystemTime::UNIX_EPOCH.elapsed().is_ok();
        Ok(Finding { headline: format!("{file} {socket} {time}"), ..finding() })
    }
}
