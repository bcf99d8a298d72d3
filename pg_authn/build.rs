//! Linking.

fn main() {
    // `cargo pgrx schema` reads the SQL out of a section that nothing refers to, which some linkers then drop.
    println!("cargo::rustc-link-arg-cdylib=-Wl,--no-gc-sections");
    println!("cargo::rerun-if-changed=build.rs");
}
