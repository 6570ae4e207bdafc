//! What is named in an address.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::refused::Refused;
use crate::operations::{Error, codes};

/// The parameters of an address. What they name is for the operation to know.
#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(values)) => Ok(Self(values)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(match error.kind() {
                ErrorKind::InvalidUtf8InPathParam { key } => Error::malformed(key, "is not UTF-8").into(),
                kind => Refused::of(codes::MALFORMED, kind.to_string()),
            }),
            Err(error) => Err(Refused::of(codes::INTERNAL, error.to_string())),
        }
    }
}

macro_rules! documented {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(IntoParams)]
            #[into_params(parameter_in = Path)]
            #[expect(dead_code, reason = "what the documentation says of an address")]
            pub(super) struct $name {
                $($(#[$about])* $field: String),*
            }
        )*
    };
}

documented! {
    /// The address of a release.
    ReleasePath {
        /// The release's slug.
        #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        release,
    }
    /// The address of a metric.
    MetricPath {
        /// The metric's key.
        #[param(example = "batch_changes.mau", pattern = "^[a-z0-9][a-z0-9_.]{0,79}$")]
        metric,
    }
    /// The address of a plugin.
    PluginPath {
        /// The plugin's name: `team/name` with `%2F` for the slash, or the name of a built-in one.
        #[param(example = "threshold", pattern = "^[a-z0-9][a-z0-9-]{0,79}(/[a-z0-9][a-z0-9-]{0,79})?$")]
        plugin,
    }
    /// The address of a version of a plugin.
    PluginVersionPath {
        /// The plugin's name: `team/name` with `%2F` for the slash, or the name of a built-in one.
        #[param(example = "threshold", pattern = "^[a-z0-9][a-z0-9-]{0,79}(/[a-z0-9][a-z0-9-]{0,79})?$")]
        plugin,
        /// The version.
        #[param(example = "1.0.0", pattern = "^(0|[1-9][0-9]{0,9})\\.(0|[1-9][0-9]{0,9})\\.(0|[1-9][0-9]{0,9})$")]
        version,
    }
    /// The address of an import.
    ImportPath {
        /// The import's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    /// The address of a team.
    TeamPath {
        /// The team's key.
        #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        team,
    }
    /// The address of a person.
    PersonPath {
        /// The person's mail address, in lower case.
        #[param(example = "ana.lopez@example.com", pattern = "^[^@A-Z\\s/]{1,100}@[^@A-Z\\s/]{1,100}$")]
        person,
    }
    /// The address of a version of a release's criteria.
    CriteriaVersionPath {
        /// The release's slug.
        #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        release,
        /// The number of the version, from 1.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,8}$")]
        version,
    }
    TokenPath {
        /// The token's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    AccountPath {
        /// The service account's key.
        #[param(example = "growth-ci", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        account,
    }
    SinkPath {
        /// The sink's name.
        #[param(example = "growth-hook", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        sink,
    }
    /// The address of a retro.
    RetroPath {
        /// The retro's id.
        #[param(example = "2026-04-batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        retro,
    }
    /// The address of an action.
    ActionPath {
        /// The action's id.
        #[param(example = "A-1", pattern = "^A-[1-9][0-9]{0,17}$")]
        action,
    }
    DecisionPath {
        /// The decision's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    CommentPath {
        /// The comment's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    /// The address of an amendment.
    AmendmentPath {
        /// The release's slug.
        #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        release,
        /// The version of the criteria that it is.
        #[param(example = "2", pattern = "^[1-9][0-9]{0,8}$")]
        version,
    }
    /// The address of an intake.
    IntakePath {
        /// The team's key.
        #[param(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        team,
        /// The repository, `owner%2Fname`.
        #[param(example = "example/product", pattern = "^[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}$")]
        repository,
    }
    /// The address of a request.
    RequestPath {
        /// The request's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    JobPath {
        /// The job's number.
        #[param(example = "1", pattern = "^[1-9][0-9]{0,17}$")]
        id,
    }
    /// The address of a verdict.
    VerdictPath {
        /// The release's slug.
        #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
        release,
        /// The checkpoint: `d28`, its second revision `d28.2`, or a look `d7.look-1`.
        #[param(
            example = "d28",
            pattern = "^d([1-9]|[1-9][0-9]|[1-6][0-9]{2}|7[0-2][0-9]|730)(\\.([1-9][0-9]{0,8}|look-[1-9][0-9]{0,8}))?$"
        )]
        checkpoint,
    }
}
