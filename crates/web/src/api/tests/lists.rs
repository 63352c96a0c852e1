//! Pages of lists: every item once, in order; a cursor that is not of this list is refused by name.

use super::*;

/// The ids of a whole list, read by pages of `limit`.
async fn walk(instance: &Instance, path: &str, id: &str, key: &str, limit: usize) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let glue = if path.contains('?') { '&' } else { '?' };
        let next = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let page = instance.send(Method::GET, &format!("{path}{glue}limit={limit}{next}"), key, None).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let items = page.body["items"].as_array().unwrap();
        assert!(items.len() <= limit && (ids.is_empty() || !items.is_empty()), "{path}: an empty last page");
        ids.extend(items.iter().map(|item| text(&item[id]).to_owned()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return ids,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_has_pages_and_each_item_stands_on_one() {
    let recipient = |id: &str| {
        format!(
            "\n[[recipient]]\nid = \"{id}\"\nkind = \"partner\"\nname = {{ ru = \"Т\", kk = \"Т\", en = \"T\" }}\n\
             bin = \"211240026660\"\ncountry = \"KZ\"\npurposes = [\"p8-2\"]\ncategories = [\"phone\"]\npublished = true\n"
        )
    };
    let platform = Platform::with_files(|files| {
        let register = files.entry("recipients.toml".into()).or_default();
        for id in ["partner-c", "partner-a", "partner-b"] {
            register.push_str(&recipient(id));
        }
    });
    let instance = Instance::of(platform.unwrap());
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    for _ in 0..5 {
        let made = instance.submitted(&service).await;
        let opening = json!({"kind": "access", "subject_id": made["subject_id"], "channel": "email"});
        assert_eq!(instance.send(Method::POST, "/requests", &dpo, Some(opening)).await.status, 201);
        instance.platform.clock.advance_seconds(1);
    }
    for (path, id, key, count) in [
        ("/enquiries", "enquiry_id", &service, 5),
        ("/requests", "request_id", &dpo, 5),
        ("/recipients", "recipient_id", &dpo, 3),
    ] {
        let whole = walk(&instance, path, id, key, 200).await;
        assert_eq!(whole.len(), count, "{path}");
        for limit in [1, 2, count] {
            assert_eq!(walk(&instance, path, id, key, limit).await, whole, "{path} by {limit}");
        }
    }
    let recipients = walk(&instance, "/recipients", "recipient_id", &dpo, 2).await;
    assert_eq!(recipients, ["partner-a", "partner-b", "partner-c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_not_of_this_list_is_refused_by_name() {
    let instance = Instance::new();
    let (service, dpo) = (instance.key("service", &[]), instance.key("dpo", &[]));
    let made = instance.submitted(&service).await;
    instance.submitted(&service).await;
    let first = instance.send(Method::GET, "/enquiries?limit=1", &service, None).await;
    let foreign = text(&first.body["next_cursor"]).to_owned();
    let consents = format!("/consents?subject_id={}", text(&made["subject_id"]));
    for (path, key) in
        [("/requests?", &dpo), ("/recipients?", &dpo), (consents.as_str(), &dpo), ("/enquiries?", &service)]
    {
        for cursor in ["nothing", "00", foreign.as_str()] {
            if path.starts_with("/enquiries") && cursor == foreign {
                continue;
            }
            let said = instance.send(Method::GET, &format!("{path}&cursor={cursor}"), key, None).await;
            assert_eq!(
                (said.status, said.body["code"].as_str()),
                (400, Some("malformed")),
                "{path} {cursor}"
            );
            assert!(text(&said.body["detail"]).contains("cursor"), "{}", said.body);
        }
        let said = instance.send(Method::GET, &format!("{path}&limit=many"), key, None).await;
        assert_eq!(said.status, 400);
        assert!(text(&said.body["detail"]).contains("query: limit"), "{}", said.body);
    }
}
