//! `yardstick decide`, `decision`, `comment`, `review`

use std::process::ExitCode;

use yardstick_client::api::{
    AnswerRequest, CommentDocument, CommentRequest, CommentsRequest, DecisionDocument, DecisionRequest,
    DecisionsRequest, ReasonRequest, ReviewDocument, ReviewRequest, ReviewsRequest,
};
use yardstick_domain::ids::{PersonId, ReleaseSlug, TeamKey};
use yardstick_domain::verdict::VerdictRef;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, table};

/// Items that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Decide {
    /// The verdict, such as batch-changes-ga/d28, or the release for its latest one.
    #[arg(value_name = "RELEASE|VERDICT")]
    about: String,
    /// The verdict is right.
    #[arg(long, conflicts_with = "override_to")]
    accept: bool,
    /// Something else is: pass, marginal or fail. Shown beside the verdict once another person has approved it.
    #[arg(long = "override", value_name = "OUTCOME", requires_all = ["until", "reason"])]
    override_to: Option<String>,
    /// When an override ends, such as 2026-12-31.
    #[arg(long, value_name = "DAY", requires = "override_to")]
    until: Option<String>,
    /// What becomes of the feature: keep, iterate, roll-back, retire or extend.
    #[arg(long)]
    action: Option<String>,
    /// With the action extend: the later checkpoint, such as d56.
    #[arg(long, value_name = "CHECKPOINT")]
    to: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List decisions, the newest first.
    List {
        /// Only about this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// Only about this team's releases.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only overrides that wait for a second person.
        #[arg(long)]
        waiting: bool,
        /// At most so many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Show one.
    Show {
        /// Its number.
        id: i64,
    },
    /// Approve another person's override.
    Approve {
        /// The decision's number.
        id: i64,
    },
    /// Take a decision back; it stays on record.
    Withdraw {
        /// The decision's number.
        id: i64,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Approve an amendment of a release as a second person: from then on it counts, so labelled.
    Amendment {
        /// The release.
        #[arg(value_parser = checked::<ReleaseSlug>)]
        release: String,
        /// The version of the criteria that it is.
        version: u32,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Comment {
    /// Say something about a verdict, a criterion or what was agreed.
    Add {
        /// The verdict, such as batch-changes-ga/d28, or the release for its criteria.
        #[arg(value_name = "RELEASE|VERDICT")]
        about: String,
        /// What is said.
        text: String,
        /// The criterion it is about.
        #[arg(long)]
        criterion: Option<String>,
        /// remark, question or dispute; the last two are open until they are answered.
        #[arg(long, default_value = "question")]
        kind: String,
        /// Whom it asks: whoever answers for the metric, the plugin, or the release (owner).
        #[arg(long, value_name = "metric|plugin|owner")]
        to: Option<String>,
    },
    /// List comments, the newest first.
    List {
        /// Only about this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// Only about this team's releases.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only those that wait for an answer.
        #[arg(long)]
        open: bool,
        /// Only those that ask this person.
        #[arg(long, value_parser = checked::<PersonId>)]
        to: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Answer a comment, which closes it.
    Answer {
        /// The comment's number.
        id: i64,
        /// The answer.
        text: String,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Review {
    /// Sign off: the criteria of a release, or a verdict.
    Agree {
        /// The verdict, such as batch-changes-ga/d28, or the release for its criteria.
        #[arg(value_name = "RELEASE|VERDICT")]
        about: String,
        /// What to say to it.
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
    },
    /// Say that something is wrong, and what.
    Object {
        /// The verdict, such as batch-changes-ga/d28, or the release for its criteria.
        #[arg(value_name = "RELEASE|VERDICT")]
        about: String,
        /// What.
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
    /// List sign-offs, the newest first.
    List {
        /// Only of this release.
        #[arg(long, value_parser = checked::<ReleaseSlug>)]
        release: Option<String>,
        /// Only of this team's releases.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
}

/// A release, and the checkpoint of its verdict if there is one in the text.
fn about(text: &str) -> Result<(String, Option<String>), Failure> {
    match text.split_once('/') {
        None => Ok((checked::<ReleaseSlug>(text).map_err(Failure::Usage)?, None)),
        Some((release, checkpoint)) => {
            checked::<VerdictRef>(text).map_err(Failure::Usage)?;
            Ok((release.to_owned(), Some(checkpoint.to_owned())))
        }
    }
}

pub(super) async fn decide(context: &Context, arguments: Decide) -> Result<ExitCode, Failure> {
    let Decide { about: text, accept, override_to, until, action, to, reason } = arguments;
    let (release, verdict) = about(&text)?;
    let stance = if accept { Some("accept") } else { override_to.as_ref().map(|_| "override") };
    let request = DecisionRequest {
        verdict,
        stance: stance.map(str::to_owned),
        outcome: override_to,
        until,
        action,
        extend_to: to,
        reason,
    };
    let decision = context.open().await?.decide(&release, &request).await?;
    told(context, &decision)
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::List { release, team, waiting, limit } => {
            let request = DecisionsRequest { release, team, waiting, limit: Some(limit), cursor: None };
            let page = backend.decisions(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                let headers = ["decision", "about", "what", "stands", "by", "why"];
                table(context.output, &headers, &rows, "Nothing was decided yet.");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Show { id } => told(context, &backend.decision(id).await?),
        Command::Approve { id } => told(context, &backend.approve_decision(id).await?),
        Command::Withdraw { id, reason } => {
            told(context, &backend.withdraw_decision(id, &ReasonRequest { reason }).await?)
        }
        Command::Amendment { release, version } => {
            let document = backend.approve_amendment(&release, version).await?;
            if context.output == Format::Json {
                json(&document)?;
            } else {
                put(&format!(
                    "Amendment {version} of {release} is approved and counts from now on; its checkpoints are judged anew.\n"
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn told(context: &Context, decision: &DecisionDocument) -> Result<ExitCode, Failure> {
    if context.output == Format::Json {
        json(decision)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = format!("decision {}: {} ({})\n", decision.id, what(decision), decision.standing);
    if decision.standing == yardstick_client::api::DecisionStanding::WaitsForApproval {
        out.push_str(&format!("Next: another person reads it: yardstick decision approve {}\n", decision.id));
    }
    put(&yardstick_report::terminal::escaped(&out));
    Ok(ExitCode::SUCCESS)
}

/// Such as `override to pass until 2026-12-31 22:59 UTC, iterate`.
fn what(decision: &DecisionDocument) -> String {
    let until = decision.until.map(|until| until.strftime(" until %Y-%m-%d %H:%M UTC").to_string());
    let stance = decision.stance.map(|stance| match decision.outcome {
        Some(outcome) => format!("{stance} to {outcome}{}", until.unwrap_or_default()),
        None => stance.to_string(),
    });
    let action = decision.action.map(|action| match &decision.extend_to {
        Some(to) => format!("{action} to {to}"),
        None => action.to_string(),
    });
    [stance, action].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn row(decision: &DecisionDocument) -> Vec<String> {
    let approved = decision.approved_by.as_ref().map(|by| format!(", approved by {by}"));
    vec![
        decision.id.to_string(),
        decision.verdict.clone().unwrap_or_else(|| decision.release.clone()),
        what(decision),
        decision.standing.to_string(),
        format!("{}{}", decision.by, approved.unwrap_or_default()),
        decision.reason.clone().unwrap_or_default(),
    ]
}

/// `yardstick comment`
pub(super) async fn comment(context: &Context, command: Comment) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let made = match command {
        Comment::List { release, team, open, to, limit } => {
            let request = CommentsRequest { release, team, open, to, limit: Some(limit), cursor: None };
            let page = backend.comments(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(comment_row).collect();
                let headers = ["comment", "about", "kind", "by", "says", "asks"];
                table(context.output, &headers, &rows, "Nothing was said yet.");
            }
            return Ok(ExitCode::SUCCESS);
        }
        Comment::Add { about: text, text: says, criterion, kind, to } => {
            let (release, verdict) = about(&text)?;
            backend.comment(&release, &CommentRequest { kind, text: says, verdict, criterion, to }).await?
        }
        Comment::Answer { id, text } => backend.answer_comment(id, &AnswerRequest { answer: text }).await?,
    };
    if context.output == Format::Json {
        json(&made)?;
    } else if made.open {
        put(&format!(
            "comment {} asks {}\nNext: yardstick comment answer {} \"…\"\n",
            made.id,
            made.to.join(", "),
            made.id
        ));
    } else {
        put(&format!("comment {} is on record\n", made.id));
    }
    Ok(ExitCode::SUCCESS)
}

fn comment_row(comment: &CommentDocument) -> Vec<String> {
    let about = comment.verdict.as_deref().unwrap_or(&comment.release);
    let answer = comment.answer.as_ref().map(|answer| format!(" → {answer}"));
    vec![
        comment.id.to_string(),
        match &comment.criterion {
            Some(criterion) => format!("{about}#{criterion}"),
            None => about.to_owned(),
        },
        comment.kind.to_string(),
        comment.by.clone(),
        format!("{}{}", comment.text, answer.unwrap_or_default()),
        if comment.open { comment.to.join(", ") } else { String::new() },
    ]
}

/// `yardstick review`
pub(super) async fn review(context: &Context, command: Review) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let (text, agrees, says) = match command {
        Review::List { release, team, limit } => {
            let request = ReviewsRequest { release, team, limit: Some(limit), cursor: None };
            let page = backend.reviews(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(review_row).collect();
                table(context.output, &["of", "by", "finds", "says"], &rows, "Nobody has looked yet.");
            }
            return Ok(ExitCode::SUCCESS);
        }
        Review::Agree { about, text } => (about, true, text),
        Review::Object { about, text } => (about, false, Some(text)),
    };
    let (release, verdict) = about(&text)?;
    let made = backend.review(&release, &ReviewRequest { verdict, agrees, text: says }).await?;
    if context.output == Format::Json {
        json(&made)?;
    } else {
        put(&format!("{}: {}\n", review_row(&made)[0], if agrees { "signed off" } else { "objected to" }));
    }
    Ok(ExitCode::SUCCESS)
}

fn review_row(review: &ReviewDocument) -> Vec<String> {
    let criteria = |version| format!("{}, criteria {version}", review.release);
    vec![
        review.verdict.clone().or(review.version.map(criteria)).unwrap_or_default(),
        review.by.clone(),
        if review.agrees { "agrees" } else { "objects" }.to_owned(),
        review.text.clone().unwrap_or_default(),
    ]
}
