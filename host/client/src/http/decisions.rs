//! Decisions, comments and sign-offs.

use super::{Client, Endpoint, Error};
use crate::api::{
    AnswerRequest, CommentDocument, CommentRequest, CommentsRequest, DecisionDocument, DecisionRequest,
    DecisionsRequest, Page, ReasonRequest, ReleaseDocument, ReviewDocument, ReviewRequest, ReviewsRequest,
};

static DECISIONS: Endpoint = Endpoint::get("/api/v1/decisions");
static DECIDE: Endpoint = Endpoint::post("/api/v1/releases/{release}/decisions");
static DECISION: Endpoint = Endpoint::get("/api/v1/decisions/{id}");
static APPROVE_DECISION: Endpoint = Endpoint::post("/api/v1/decisions/{id}/approve");
static WITHDRAW_DECISION: Endpoint = Endpoint::post("/api/v1/decisions/{id}/withdraw");
static APPROVE_AMENDMENT: Endpoint =
    Endpoint::post("/api/v1/releases/{release}/amendments/{version}/approve");
static COMMENTS: Endpoint = Endpoint::get("/api/v1/comments");
static COMMENT: Endpoint = Endpoint::post("/api/v1/releases/{release}/comments");
static ANSWER_COMMENT: Endpoint = Endpoint::post("/api/v1/comments/{id}/answer");
static REVIEWS: Endpoint = Endpoint::get("/api/v1/reviews");
static REVIEW: Endpoint = Endpoint::post("/api/v1/releases/{release}/reviews");

pub(super) static ENDPOINTS: &[&Endpoint] = &[
    &DECISIONS,
    &DECIDE,
    &DECISION,
    &APPROVE_DECISION,
    &WITHDRAW_DECISION,
    &APPROVE_AMENDMENT,
    &COMMENTS,
    &COMMENT,
    &ANSWER_COMMENT,
    &REVIEWS,
    &REVIEW,
];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of decisions, the newest first.
    pub async fn decisions(&self, request: &DecisionsRequest) -> Result<Page<DecisionDocument>, Error> {
        self.ask(&DECISIONS, &[])?.query(request)?.document().await
    }

    /// Decides what is made of a verdict.
    pub async fn decide(&self, release: &str, request: &DecisionRequest) -> Result<DecisionDocument, Error> {
        self.ask(&DECIDE, &[release])?.json(request)?.document().await
    }

    /// A decision.
    pub async fn decision(&self, id: i64) -> Result<DecisionDocument, Error> {
        self.ask(&DECISION, &[&id.to_string()])?.document().await
    }

    /// Approves another person's override.
    pub async fn approve_decision(&self, id: i64) -> Result<DecisionDocument, Error> {
        self.ask(&APPROVE_DECISION, &[&id.to_string()])?.document().await
    }

    /// Takes a decision back.
    pub async fn withdraw_decision(
        &self,
        id: i64,
        request: &ReasonRequest,
    ) -> Result<DecisionDocument, Error> {
        self.ask(&WITHDRAW_DECISION, &[&id.to_string()])?.json(request)?.document().await
    }

    /// Approves the newest amendment of a release, by the version of its criteria.
    pub async fn approve_amendment(&self, release: &str, version: u32) -> Result<ReleaseDocument, Error> {
        self.ask(&APPROVE_AMENDMENT, &[release, &version.to_string()])?.document().await
    }

    /// A page of comments, the newest first.
    pub async fn comments(&self, request: &CommentsRequest) -> Result<Page<CommentDocument>, Error> {
        self.ask(&COMMENTS, &[])?.query(request)?.document().await
    }

    /// Comments on a verdict, a criterion or what was agreed.
    pub async fn comment(&self, release: &str, request: &CommentRequest) -> Result<CommentDocument, Error> {
        self.ask(&COMMENT, &[release])?.json(request)?.document().await
    }

    /// Answers a comment, which closes it.
    pub async fn answer_comment(&self, id: i64, request: &AnswerRequest) -> Result<CommentDocument, Error> {
        self.ask(&ANSWER_COMMENT, &[&id.to_string()])?.json(request)?.document().await
    }

    /// A page of sign-offs, the newest first.
    pub async fn reviews(&self, request: &ReviewsRequest) -> Result<Page<ReviewDocument>, Error> {
        self.ask(&REVIEWS, &[])?.query(request)?.document().await
    }

    /// Signs criteria or a verdict off, or objects.
    pub async fn review(&self, release: &str, request: &ReviewRequest) -> Result<ReviewDocument, Error> {
        self.ask(&REVIEW, &[release])?.json(request)?.document().await
    }
}
