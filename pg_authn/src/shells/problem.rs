use authn_rules::{Problem, ProblemKind};

/// A refusal as the columns of a row: the condition of `authn.error_catalog`, the argument at fault,
/// what is wrong, what would be right. Only SQL can raise an SQLSTATE of the product's own class.
pub(super) fn problem_row<T>(
    verdict: Result<T, Problem>,
) -> Option<(String, String, String, String)> {
    verdict.err().map(|problem| {
        (
            condition(problem.kind).to_owned(),
            argument(&problem.field),
            format!("{}: {}", problem.field, problem.message),
            problem.hint,
        )
    })
}

fn condition(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::MethodNotLockable => "method_not_lockable",
        ProblemKind::ScopeMismatch => "scope_mismatch",
        ProblemKind::PolicyInvalid => "policy_invalid",
        ProblemKind::IdentityInvalid => "identity_invalid",
        ProblemKind::SettingsInvalid => "settings_invalid",
    }
}

/// The SQL argument that holds the field: `tiers` of `tiers[2].failures`.
fn argument(field: &str) -> String {
    field
        .split(['[', '.'])
        .next()
        .unwrap_or_default()
        .to_owned()
}
