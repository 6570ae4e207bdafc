//! The codes of problems: what programs branch on. A code never changes its meaning; docs/api.md lists them, and
//! a test compares the two.

/// A sort of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code {
    /// The word in problem documents.
    pub(crate) code: &'static str,
    /// The status of the answer.
    pub(crate) status: u16,
    /// What it means, the same for every problem of this code.
    pub(crate) title: &'static str,
}

macro_rules! codes {
    ($($name:ident = $status:literal $code:literal $title:literal)*) => {
        $(pub(crate) const $name: Code = Code { code: $code, status: $status, title: $title };)*
        /// All of them.
        pub(crate) const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    MALFORMED = 400 "malformed" "The request cannot be read as it must be written"
    UNAUTHENTICATED = 401 "unauthenticated" "Nobody knows who asks"
    FORBIDDEN = 403 "forbidden" "It is not yours to do"
    FOREIGN_ORIGIN = 403 "foreign-origin" "The request comes from a page of another site"
    NOT_FOUND = 404 "not-found" "There is no such thing"
    NO_ADDRESS = 404 "no-address" "The service has no such address"
    METHOD = 405 "method" "The address does not take this method"
    SLOW_REQUEST = 408 "slow-request" "The request did not arrive in time"
    CONFLICT = 409 "conflict" "What happened before does not allow it"
    KEY_RUNNING = 409 "key-running" "The request under this idempotency key is being answered"
    KEY_UNCERTAIN = 409 "key-uncertain" "Whether the request under this idempotency key was done is not known"
    ANSWER_NOT_KEPT = 409 "answer-not-kept" "It was done under this idempotency key; its answer is not kept"
    CHANGED_MEANWHILE = 412 "changed-meanwhile" "It is not as it was when it was read"
    TOO_LARGE = 413 "too-large" "The request is too large"
    LONG_ADDRESS = 414 "long-address" "The address is too long"
    MEDIA_TYPE = 415 "media-type" "The body is of another type than the address takes"
    MISDIRECTED = 421 "misdirected" "The request is meant for another host"
    REFUSED = 422 "refused" "It cannot be done as asked"
    FILES_REFUSED = 422 "files-refused" "The files are not right; nothing was written"
    PLUGIN_REFUSED = 422 "plugin-refused" "The component is not taken as a plugin; nothing was published"
    ROWS_REFUSED = 422 "rows-refused" "The file cannot be imported; nothing was written"
    KEY_REUSED = 422 "key-reused" "The idempotency key stands for another request"
    PRECONDITION_REQUIRED = 428 "precondition-required" "It is there already: say which state of it is to be changed"
    TOO_MANY_REQUESTS = 429 "too-many-requests" "More requests come than are answered"
    INTERNAL = 500 "internal" "Something failed on the service's side"
    BUSY = 503 "busy" "The service is busy; try again"
    TIMEOUT = 504 "timeout" "It took too long and was given up"
}
