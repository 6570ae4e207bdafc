//! What is taken as a plugin and what is not, and what the refusal says.

use yardstick_domain::manifest::{self, Profile};
use yardstick_engine::{Step, Trust};
use yardstick_tests::guests;

use super::support::{engine, upload};

#[test]
fn an_import_that_is_not_offered_is_refused_by_name_and_all_at_once() {
    let engine = engine();
    let refusal = upload(&engine, &guests::load("reaches_out")).unwrap_err();
    assert_eq!(refusal.step, Step::Imports);
    let message = refusal.to_string();
    for import in ["wasi:filesystem/types@0.2", "wasi:sockets/tcp@0.2", "wasi:clocks/wall-clock@0.2"] {
        assert!(message.contains(import), "{import} in {message}");
    }
    assert!(!message.contains("wasi:io/"), "{message}");
    assert!(message.contains("no files, network, clock"), "{message}");
}

#[test]
fn clocks_and_chance_are_for_the_scripted_profile() {
    let refusal = upload(&engine(), &guests::load("rolls_dice")).unwrap_err();
    assert_eq!(refusal.step, Step::Imports);
    let message = refusal.to_string();
    assert!(message.contains("wasi:clocks/") && message.contains("wasi:random/"), "{message}");
    assert!(message.contains("`HashMap`"), "{message}");
}

#[test]
fn a_manifest_must_be_there_readable_and_modest() {
    let engine = engine();
    let component = guests::component("benign");
    let good = guests::manifest("tests", "benign", Profile::Lean);

    let refusal = upload(&engine, &component).unwrap_err();
    assert_eq!((refusal.step, refusal.code()), (Step::Manifest, "plugin-manifest"));
    let twice = manifest::embed(&manifest::embed(&component, &good), &good);
    assert_eq!(upload(&engine, &twice).unwrap_err().step, Step::Manifest);

    let mut impostor = good.clone();
    impostor.plugin.name = "threshold".parse().unwrap();
    let impostor = manifest::embed(&component, &impostor);
    let message = upload(&engine, &impostor).unwrap_err().to_string();
    assert!(message.contains("names without a team are the host's own"), "{message}");
    assert!(engine.load(&impostor, Trust::BuiltIn).is_ok());

    let mut future = good;
    future.plugin.contract = "7.0".into();
    let message = upload(&engine, &manifest::embed(&component, &future)).unwrap_err().to_string();
    assert!(message.contains("plugin.contract is \"7.0\", and this host speaks \"1.0\""), "{message}");
}

#[test]
fn what_is_no_component_is_refused_at_its_own_step() {
    let engine = engine();
    let good = guests::load("benign");
    let core = wat::parse_str("(module (func (export \"evaluate\")))").unwrap();
    let empty = wat::parse_str("(component)").unwrap();
    let manifest = guests::manifest("tests", "benign", Profile::Lean);
    let large = [good.clone(), vec![0; 5 << 20]].concat();
    let cases: [(&str, Vec<u8>, Step); 8] = [
        ("nothing", Vec::new(), Step::Plain),
        ("text", b"(component)".to_vec(), Step::Plain),
        ("random", (0..4_096_u32).map(|index| (index * index % 251) as u8).collect(), Step::Plain),
        ("core module", core, Step::Component),
        ("cut off", good[..good.len() / 2].to_vec(), Step::Component),
        ("no contract", manifest::embed(&empty, &manifest), Step::Contract),
        ("header only", good[..8].to_vec(), Step::Manifest),
        ("too large", vec![0; 33 << 20], Step::Size),
    ];
    for (what, bytes, step) in cases {
        let refusal = upload(&engine, &bytes).unwrap_err();
        assert_eq!(refusal.step, step, "{what}: {refusal}");
        assert!(refusal.to_string().ends_with('.'), "{refusal}");
    }
    assert!(upload(&engine, &large).is_err());
}

#[test]
fn every_cut_and_every_flipped_byte_ends_in_an_answer() {
    let engine = engine();
    let good = guests::load("unreachable");
    let step = good.len() / 24;
    for index in (0..good.len()).step_by(step) {
        assert!(upload(&engine, &good[..index]).is_err(), "cut at {index}");
        let mut flipped = good.clone();
        flipped[index] ^= 0x55;
        // Taken or refused: what counts is that there is an answer.
        let _ = upload(&engine, &flipped);
    }
}
