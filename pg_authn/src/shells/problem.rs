use authn_rules::{Problem, ProblemKind};

/// A refusal as the columns of a row: the condition of `authn.error_catalog`, the path into the arguments
/// to what is at fault, what is wrong, what would be right. Only SQL can raise an SQLSTATE of the product's
/// own class.
pub(super) fn problem_row<T>(
    verdict: Result<T, Problem>,
) -> Option<(String, String, String, String)> {
    verdict.err().map(|problem| {
        (
            condition(problem.kind).to_owned(),
            problem.field.clone(),
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
