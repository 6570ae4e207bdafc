//! Decisions, comments and sign-offs.

use yardstick_client::api::{
    AnswerRequest, CommentDocument, CommentRequest, CommentsRequest, DecisionDocument, DecisionRequest,
    DecisionsRequest, Page, ReasonRequest, ReleaseDocument, ReviewDocument, ReviewRequest, ReviewsRequest,
};

use super::{Backend, Result};
use crate::operations::{comments, decisions};

impl Backend {
    pub(in crate::cli) async fn decisions(
        &self,
        request: &DecisionsRequest,
    ) -> Result<Page<DecisionDocument>> {
        match self {
            Self::Here(app, caller) => Ok(decisions::list(app, caller, request).await?),
            Self::There(client) => Ok(client.decisions(request).await?),
        }
    }

    pub(in crate::cli) async fn decide(
        &self,
        release: &str,
        request: &DecisionRequest,
    ) -> Result<DecisionDocument> {
        match self {
            Self::Here(app, caller) => Ok(decisions::decide(app, caller, release, request).await?),
            Self::There(client) => Ok(client.decide(release, request).await?),
        }
    }

    pub(in crate::cli) async fn decision(&self, id: i64) -> Result<DecisionDocument> {
        match self {
            Self::Here(app, caller) => Ok(decisions::show(app, caller, &id.to_string()).await?),
            Self::There(client) => Ok(client.decision(id).await?),
        }
    }

    pub(in crate::cli) async fn approve_decision(&self, id: i64) -> Result<DecisionDocument> {
        match self {
            Self::Here(app, caller) => Ok(decisions::approve(app, caller, &id.to_string()).await?),
            Self::There(client) => Ok(client.approve_decision(id).await?),
        }
    }

    pub(in crate::cli) async fn withdraw_decision(
        &self,
        id: i64,
        request: &ReasonRequest,
    ) -> Result<DecisionDocument> {
        match self {
            Self::Here(app, caller) => Ok(decisions::withdraw(app, caller, &id.to_string(), request).await?),
            Self::There(client) => Ok(client.withdraw_decision(id, request).await?),
        }
    }

    pub(in crate::cli) async fn approve_amendment(
        &self,
        release: &str,
        version: u32,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => {
                Ok(decisions::approve_amendment(app, caller, release, &version.to_string()).await?)
            }
            Self::There(client) => Ok(client.approve_amendment(release, version).await?),
        }
    }

    pub(in crate::cli) async fn comments(&self, request: &CommentsRequest) -> Result<Page<CommentDocument>> {
        match self {
            Self::Here(app, caller) => Ok(comments::list(app, caller, request).await?),
            Self::There(client) => Ok(client.comments(request).await?),
        }
    }

    pub(in crate::cli) async fn comment(
        &self,
        release: &str,
        request: &CommentRequest,
    ) -> Result<CommentDocument> {
        match self {
            Self::Here(app, caller) => Ok(comments::comment(app, caller, release, request).await?),
            Self::There(client) => Ok(client.comment(release, request).await?),
        }
    }

    pub(in crate::cli) async fn answer_comment(
        &self,
        id: i64,
        request: &AnswerRequest,
    ) -> Result<CommentDocument> {
        match self {
            Self::Here(app, caller) => Ok(comments::answer(app, caller, &id.to_string(), request).await?),
            Self::There(client) => Ok(client.answer_comment(id, request).await?),
        }
    }

    pub(in crate::cli) async fn reviews(&self, request: &ReviewsRequest) -> Result<Page<ReviewDocument>> {
        match self {
            Self::Here(app, caller) => Ok(comments::reviews(app, caller, request).await?),
            Self::There(client) => Ok(client.reviews(request).await?),
        }
    }

    pub(in crate::cli) async fn review(
        &self,
        release: &str,
        request: &ReviewRequest,
    ) -> Result<ReviewDocument> {
        match self {
            Self::Here(app, caller) => Ok(comments::review(app, caller, release, request).await?),
            Self::There(client) => Ok(client.review(release, request).await?),
        }
    }
}
