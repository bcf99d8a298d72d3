//! The measure before the validator: what a document comes to with every fragment written out, without
//! writing any out. Each fragment is measured once.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::types::{
    ExecutableDocument, FragmentDefinition, Selection, SelectionSet,
};

use super::limits::{DocumentLimits, Excess, Limit};

/// Lists of the introspection schema inside each other. Common tools need two, and every one multiplies.
const MAX_INTROSPECTION: usize = 2;

/// Mutations of attempts in one operation. Each is one guess: whoever counts requests counts guesses.
const MAX_ATTEMPTS: usize = 1;

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    /// Selections in all.
    fields: usize,
    /// Fields of its own level, those of fragments included.
    root_fields: usize,
    aliases: usize,
    nesting: usize,
    /// Mutations of attempts, whether or not a directive leaves them out.
    attempts: usize,
    /// The most lists of the introspection schema inside each other.
    introspection: usize,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.nesting = self.nesting.max(other.nesting);
        self.introspection = self.introspection.max(other.introspection);
    }

    fn check(self, limits: &DocumentLimits) -> Result<Self, Excess> {
        Limit::Fields.check(self.fields, limits.fields)?;
        Limit::Aliases.check(self.aliases, limits.aliases)?;
        Limit::Nesting.check(self.nesting, limits.nesting)?;
        Limit::Introspection.check(self.introspection, MAX_INTROSPECTION)?;
        Ok(self)
    }
}

pub(super) fn check(document: &ExecutableDocument, limits: &DocumentLimits) -> Result<(), Excess> {
    let mut fragments = Fragments {
        limits,
        definitions: &document.fragments,
        measured: HashMap::new(),
    };
    let mut whole = Measure::default();
    // Fragments that no operation uses are walked through by the validator all the same.
    for name in document.fragments.keys() {
        whole.add(fragments.measure(name, 0)?);
    }
    for (_, operation) in document.operations.iter() {
        let measure = fragments.measure_set(&operation.node.selection_set.node, 0)?;
        Limit::RootFields.check(measure.root_fields, limits.root_fields)?;
        Limit::Attempts.check(measure.attempts, MAX_ATTEMPTS)?;
        whole.add(measure);
    }
    whole.check(limits).map(|_| ())
}

struct Fragments<'doc> {
    limits: &'doc DocumentLimits,
    definitions: &'doc HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is being measured: to meet it then is to meet it inside itself.
    measured: HashMap<&'doc str, Option<Measure>>,
}

impl<'doc> Fragments<'doc> {
    /// `depth` is that of this recursion; the nesting that counts is in the measure.
    fn measure(&mut self, name: &Name, depth: usize) -> Result<Measure, Excess> {
        let Some((name, definition)) = self.definitions.get_key_value(name) else {
            // The validator says that there is no such fragment.
            return Ok(Measure::default());
        };
        match self.measured.get(name.as_str()) {
            Some(Some(measure)) => return Ok(*measure),
            Some(None) => {
                return Err(Excess {
                    limit: Limit::Nesting,
                    most: self.limits.nesting,
                });
            }
            None => {}
        }
        self.measured.insert(name.as_str(), None);
        let measure = self.measure_set(&definition.node.selection_set.node, depth)?;
        self.measured.insert(name.as_str(), Some(measure));
        Ok(measure)
    }

    fn measure_set(&mut self, set: &'doc SelectionSet, depth: usize) -> Result<Measure, Excess> {
        Limit::Nesting.check(depth, self.limits.nesting)?;
        let mut sum = Measure::default();
        for selection in &set.items {
            let mut measure = match &selection.node {
                Selection::Field(field) => {
                    let mut measure =
                        self.measure_set(&field.node.selection_set.node, depth + 1)?;
                    measure.root_fields = 1;
                    measure.aliases += usize::from(field.node.alias.is_some());
                    measure.attempts += usize::from(is_attempt(field.node.name.node.as_str()));
                    measure.introspection += usize::from(multiplies(field.node.name.node.as_str()));
                    measure
                }
                Selection::InlineFragment(fragment) => {
                    self.measure_set(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.measure(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            measure.fields = measure.fields.saturating_add(1);
            measure.nesting += 1;
            // Here already, so that sums stay small.
            sum.add(measure.check(self.limits)?);
        }
        sum.check(self.limits)
    }
}

/// Whether a field is the mutation of an attempt. No other field has these names.
fn is_attempt(field: &str) -> bool {
    matches!(field, "attemptRecord" | "attemptBegin" | "attemptComplete")
}

/// Whether a field of the introspection schema lists types that have such lists themselves. No field of
/// our own has these names.
fn multiplies(field: &str) -> bool {
    matches!(
        field,
        "fields" | "interfaces" | "possibleTypes" | "inputFields"
    )
}
