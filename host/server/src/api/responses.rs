//! Refusals in the OpenAPI document, by code: handlers name those that are their own, `openapi` adds those that
//! any address may answer with.

use utoipa::ToResponse;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::operations::codes::{self, Code};

/// A refusal of this code.
pub(super) fn response(code: Code) -> Response {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    let description = format!("`{}`: {}", code.code, code.title);
    ResponseBuilder::new().description(description).content("application/problem+json", problem).build()
}

macro_rules! responses {
    ($($(#[$doc:meta])* $name:ident = $code:ident $text:literal)*) => {
        $(
            $(#[$doc])*
            pub(super) struct $name;

            impl<'r> ToResponse<'r> for $name {
                fn response() -> (&'r str, RefOr<Response>) {
                    ($text, RefOr::T(response(codes::$code)))
                }
            }
        )*
        /// Codes that only some addresses answer with.
        pub(super) const OWN: &[Code] = &[$(codes::$code),*];
    };
}

responses! {
    /// What is named is not there.
    NotFound = NOT_FOUND "not-found"
    /// It is not for whoever asked to do.
    Forbidden = FORBIDDEN "forbidden"
    /// What happened before does not allow it.
    Conflict = CONFLICT "conflict"
    /// It cannot be done as asked.
    Unprocessable = REFUSED "refused"
    /// It was changed since it was read.
    ChangedMeanwhile = CHANGED_MEANWHILE "changed-meanwhile"
    /// Nothing says which state of it is to be changed.
    PreconditionRequired = PRECONDITION_REQUIRED "precondition-required"
    /// Files of declarations are wrong.
    FilesRefused = FILES_REFUSED "files-refused"
    /// A component is not taken as a plugin.
    PluginRefused = PLUGIN_REFUSED "plugin-refused"
    /// Rows of a file cannot be imported.
    RowsRefused = ROWS_REFUSED "rows-refused"
}
