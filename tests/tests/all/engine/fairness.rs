//! Whoever asks much waits for themselves.

use std::cell::RefCell;
use std::rc::Rc;

use yardstick_domain::manifest::{self, Profile};
use yardstick_tests::guests;

use super::support::{engine, frames, load, told, upload};

/// One thread, six calls of a loud team, then one of a quiet team: it is served among the first.
#[tokio::test]
async fn a_quiet_team_is_not_held_up_by_a_loud_one() {
    let engine = engine();
    let loud = load(&engine, "endless_evaluate");
    let component = guests::component("benign");
    let quiet = upload(&engine, &manifest::embed(&component, &guests::manifest("quiet", "b", Profile::Lean)));
    let quiet = quiet.unwrap();
    let order = Rc::new(RefCell::new(Vec::new()));
    let tasks = tokio::task::LocalSet::new();
    for index in 0..6 {
        let (engine, plugin, order) = (engine.clone(), loud.clone(), Rc::clone(&order));
        tasks.spawn_local(async move {
            let _ = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
            order.borrow_mut().push(format!("loud {index}"));
        });
    }
    let done = Rc::clone(&order);
    tasks.spawn_local(async move {
        let run = engine.evaluate(&quiet, &told(""), frames(&[1.0])).await;
        assert!(run.result.is_ok());
        done.borrow_mut().push("quiet".into());
    });
    tasks.await;
    let order = order.borrow();
    let place = order.iter().position(|name| name == "quiet").unwrap();
    // Each loud call burns its whole fuel, so the quiet one arrives while the first still runs.
    assert!(place <= 3, "{order:?}");
    let loud: Vec<_> = order.iter().filter(|name| name.starts_with("loud")).cloned().collect();
    let expected: Vec<_> = (0..6).map(|index| format!("loud {index}")).collect();
    assert_eq!(loud, expected, "a team's own order is kept");
}
