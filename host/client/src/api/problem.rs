//! What is answered when something is not done: a problem document (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why something was not done, for people and for programs: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Address of the documentation of `code`, relative to the service.
    #[serde(rename = "type")]
    pub kind: String,
    /// What sort of problem it is; the same for every problem of its code.
    pub title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The sentence the command line says.
    pub detail: String,
    /// The request that was refused: its id, also in the service's log.
    pub instance: Option<String>,
    /// What programs branch on; never changes its meaning.
    #[schema(example = "refused")]
    pub code: String,
    /// Everything that is wrong, field by field; empty: it is not about fields.
    pub errors: Vec<FieldProblem>,
    /// How many things are wrong; more than `errors` lists where there are too many to list.
    pub error_count: u64,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// The file it is in, as the request named it; none: the request itself.
    pub file: Option<String>,
    /// Line in the file, from 1.
    pub line: Option<u64>,
    /// Column in its line, from 1; none: the whole line.
    pub column: Option<u64>,
    /// The field, such as `goals[0].with.at_least`, or the column of an imported file; empty: the whole.
    pub field: String,
    /// What was found, what was expected, and what to do.
    pub message: String,
}
