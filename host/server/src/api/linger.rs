//! Connections whose answers are heard: closed so that the last one is, and given up when nobody reads.
//!
//! A request may be answered before its body was read to the end: its file is too large, or there is no place.
//! Closing then makes the system reset the connection, and the answer is lost under a peer that still sends.
//! So what still arrives is read and thrown away for a while, until the peer has read its answer and closes.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

/// How long a peer may go on sending after its answer. On one machine an answer is read within milliseconds.
const LINGERS: Duration = Duration::from_secs(5);
/// How long a peer may leave an answer unread before the connection is given up: it takes the place of others.
const UNREAD: Duration = Duration::from_secs(60);
/// Bytes thrown away at a time.
const PIECE: usize = 64 << 10;

/// A connection that lingers when it is dropped, and keeps its place until then.
pub(super) struct Lingering {
    /// `None`: being dropped.
    stream: Option<(TcpStream, OwnedSemaphorePermit)>,
    /// While the peer takes nothing of an answer: when it is given up.
    unread: Option<Pin<Box<Sleep>>>,
    patience: Duration,
}

impl Lingering {
    pub(super) fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self { stream: Some((stream, place)), unread: None, patience: UNREAD }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let open = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(&mut open.0))
    }

    /// What came of writing, unless the peer has taken nothing for too long.
    fn patiently<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.unread = None;
            return written;
        }
        let patience = self.patience;
        #[expect(clippy::disallowed_methods, reason = "what is waited for is that nothing happens")]
        let unread = self.unread.get_or_insert_with(|| Box::pin(sleep(patience)));
        unread.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if let (Some((stream, place)), Ok(runtime)) = (self.stream.take(), Handle::try_current()) {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(LINGERS, drain(stream)).await;
                drop(place);
            });
        }
    }
}

/// Says that nothing more comes, and reads until the peer says so too.
async fn drain(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut piece = vec![0; PIECE];
    while stream.read(&mut piece).await? > 0 {}
    Ok(())
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(cx, buf)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write(cx, bytes);
        self.patiently(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write_vectored(cx, slices);
        self.patiently(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::net::TcpListener;
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_nobody_reads_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
        let mut stream = Lingering::new(stream, place);
        stream.patience = Duration::from_millis(50);
        // More than the two ends keep for each other.
        let error = stream.write_all(&vec![0; 64 << 20]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(peer);
    }
}
