//! Intakes: whose issues become a team's requests, and what their payloads are signed by.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use yardstick_domain::ids::{Repository, TeamKey};
use yardstick_domain::intake::Intake;
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_domain::sink::{OLD_SECRET_SIGNS_FOR, SigningSecret};

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{Row, values};

const INTAKE: &str = "SELECT repository, team, label, visibility, created_at, created_by FROM intakes";

impl Store {
    /// Adds an intake, with the secret that signs what it gets. One that was removed may be added anew.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the team has one of this repository, [`StoreError::NotFound`] for an unknown team.
    pub async fn put_intake(&self, intake: &Intake, secret: &SigningSecret) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        let Intake { repository, team, .. } = intake;
        tx.require_team(team, &format!("intake {repository}")).await?;
        let sql = "INSERT INTO intakes (repository, team, label, visibility, secret, created_at, created_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (repository, team) DO UPDATE SET \
                   label = excluded.label, visibility = excluded.visibility, secret = excluded.secret, \
                   old_secret = NULL, old_until = NULL, created_at = excluded.created_at, \
                   created_by = excluded.created_by, removed_at = NULL WHERE intakes.removed_at IS NOT NULL";
        let values = values![
            repository.as_str(),
            team.as_str(),
            intake.label.as_deref(),
            intake.visibility.as_str(),
            secret.text(),
            intake.created_at,
            &intake.created_by,
        ];
        if tx.execute(sql, values).await? == 0 {
            return Err(StoreError::conflict(format!("{team} has an intake of {repository} already")));
        }
        let detail = serde_json::json!({ "visibility": intake.visibility });
        let (subject, by, at) = (subject(repository, team), &intake.created_by, intake.created_at);
        tx.audit(Act { action: "add-intake", subject, detail, by, at }).await?;
        tx.commit().await
    }

    /// Removes an intake: nothing is signed by its secret any more. Its requests stay. Gives it as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn remove_intake(
        &self,
        (repository, team): (&Repository, &TeamKey),
        by: &Actor,
        at: Timestamp,
    ) -> Result<Intake> {
        let mut tx = self.write().await?;
        let sql = format!("{INTAKE} WHERE repository = $1 AND team = $2 AND removed_at IS NULL");
        let row = tx.optional(AssertSqlSafe(sql), values![repository.as_str(), team.as_str()]).await?;
        let intake = row.as_ref().map(intake).transpose()?.ok_or_else(|| not_found(repository, team))?;
        let sql = "UPDATE intakes SET removed_at = $1, secret = NULL, old_secret = NULL, old_until = NULL \
                   WHERE repository = $2 AND team = $3";
        tx.execute(sql, values![at, repository.as_str(), team.as_str()]).await?;
        tx.audited("remove-intake", (repository, team), by, at).await?;
        tx.commit().await?;
        Ok(intake)
    }

    /// Gives an intake another secret. The one before goes on signing for a day beside it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn turn_intake_secret(
        &self,
        (repository, team): (&Repository, &TeamKey),
        secret: &SigningSecret,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "UPDATE intakes SET old_secret = secret, old_until = $1, secret = $2 \
                   WHERE repository = $3 AND team = $4 AND removed_at IS NULL";
        let until = at.checked_add(OLD_SECRET_SIGNS_FOR).unwrap_or(Timestamp::MAX);
        let values = values![until, secret.text(), repository.as_str(), team.as_str()];
        if tx.execute(sql, values).await? == 0 {
            return Err(not_found(repository, team));
        }
        tx.audited("turn-intake-secret", (repository, team), by, at).await?;
        tx.commit().await
    }

    /// All intakes that were not removed, by repository and team.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn intakes(&self) -> Result<Vec<Intake>> {
        let sql = format!("{INTAKE} WHERE removed_at IS NULL ORDER BY repository, team");
        self.all(AssertSqlSafe(sql), values![]).await?.iter().map(intake).collect()
    }

    /// The intakes of a repository with the secrets that sign what each gets now, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn intakes_of(
        &self,
        repository: &Repository,
        now: Timestamp,
    ) -> Result<Vec<(Intake, Vec<SigningSecret>)>> {
        let sql = "SELECT repository, team, label, visibility, created_at, created_by, secret, \
                   CASE WHEN old_until > $1 THEN old_secret END AS old FROM intakes \
                   WHERE repository = $2 AND removed_at IS NULL ORDER BY team";
        let rows = self.all(sql, values![now, repository.as_str()]).await?;
        let with_secrets = |row: &Row| {
            let secrets: [Option<String>; 2] = [row.get("secret")?, row.get("old")?];
            Ok((intake(row)?, secrets.into_iter().flatten().map(SigningSecret::of).collect()))
        };
        rows.iter().map(with_secrets).collect()
    }
}

impl Tx {
    async fn audited(
        &mut self,
        action: &'static str,
        (repository, team): (&Repository, &TeamKey),
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let (subject, detail) = (subject(repository, team), serde_json::json!({}));
        self.audit(Act { action, subject, detail, by, at }).await
    }
}

fn subject(repository: &Repository, team: &TeamKey) -> String {
    format!("intake {repository} of {team}")
}

fn not_found(repository: &Repository, team: &TeamKey) -> StoreError {
    StoreError::not_found(format!("intake of {repository} for {team}"))
}

/// A word of the database.
pub(crate) fn visibility(row: &Row) -> Result<Visibility> {
    match row.get::<String>("visibility")?.as_str() {
        "company" => Ok(Visibility::Company),
        "team" => Ok(Visibility::Team),
        other => Err(StoreError::corrupt(format!("a visibility is {other:?}"))),
    }
}

fn intake(row: &Row) -> Result<Intake> {
    Ok(Intake {
        repository: row.parse("repository")?,
        team: row.parse("team")?,
        label: row.get("label")?,
        visibility: visibility(row)?,
        created_at: row.instant("created_at")?,
        created_by: row.parse("created_by")?,
    })
}
