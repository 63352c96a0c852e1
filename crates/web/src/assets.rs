//! The three static files, embedded, under names that carry their hash.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::answer::Trouble;
use crate::state::Web;

/// An embedded file.
struct Asset {
    stem: &'static str,
    ending: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    name: LazyLock<String>,
}

macro_rules! asset {
    ($constant:ident, $stem:literal, $ending:literal, $media_type:literal) => {
        static $constant: Asset = Asset {
            stem: $stem,
            ending: $ending,
            media_type: $media_type,
            bytes: include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../assets/static/",
                $stem,
                ".",
                $ending
            )),
            name: LazyLock::new(|| $constant.hashed_name()),
        };
    };
}

asset!(CSS, "senim", "css", "text/css; charset=utf-8");
asset!(JS, "senim", "js", "text/javascript; charset=utf-8");
asset!(FAVICON, "favicon", "svg", "image/svg+xml");

impl Asset {
    fn hashed_name(&self) -> String {
        let hash = Sha256::digest(self.bytes);
        format!(
            "/static/{}.{:02x}{:02x}{:02x}{:02x}.{}",
            self.stem, hash[0], hash[1], hash[2], hash[3], self.ending
        )
    }
}

/// Address of the stylesheet.
pub fn css() -> &'static str {
    &CSS.name
}
/// Address of the script; every page works without it.
pub fn js() -> &'static str {
    &JS.name
}
/// Address of the icon.
pub fn favicon() -> &'static str {
    &FAVICON.name
}

/// The routes of the static files.
pub fn router() -> Router<Web> {
    Router::new().route("/static/{file}", get(file)).route("/favicon.ico", get(icon))
}

async fn file(Path(file): Path<String>) -> Result<Response, Trouble> {
    [&CSS, &JS, &FAVICON]
        .into_iter()
        .find(|asset| asset.name.strip_prefix("/static/") == Some(file.as_str()))
        .map(|asset| serve(asset, "public, max-age=31536000, immutable"))
        .ok_or(Trouble::App(app::Failure::NotFound))
}

async fn icon() -> Response {
    serve(&FAVICON, "public, max-age=86400")
}

fn serve(asset: &'static Asset, cache: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, asset.bytes).into_response()
}
