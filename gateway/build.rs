//! Builds nothing: tells cargo to look at the portal's files, of which a release has those inside that were there
//! when it was compiled. A development build reads them when they are asked for.

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed=build.rs");
    if release {
        println!("cargo:rerun-if-changed=portal/dist");
    }
}
