//! `gateway schema`

use super::Failure;

pub(super) fn run() -> Result<(), Failure> {
    print!("{}", crate::graphql::sdl());
    Ok(())
}
