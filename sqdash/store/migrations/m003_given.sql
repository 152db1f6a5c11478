-- Which columns a batch gives, bit n for the catalogue's column n; NULL: all of them, as every batch before this did.

ALTER TABLE confirmations ADD COLUMN given INTEGER;
ALTER TABLE units ADD COLUMN given INTEGER;
ALTER TABLE unit_members ADD COLUMN given INTEGER;
ALTER TABLE plan_years ADD COLUMN given INTEGER;
ALTER TABLE legal_bases ADD COLUMN given INTEGER;
ALTER TABLE dimensions ADD COLUMN given INTEGER;
ALTER TABLE strategies ADD COLUMN given INTEGER;
ALTER TABLE plan_groups ADD COLUMN given INTEGER;
ALTER TABLE methods ADD COLUMN given INTEGER;
ALTER TABLE method_units ADD COLUMN given INTEGER;
ALTER TABLE facts ADD COLUMN given INTEGER;
ALTER TABLE result_texts ADD COLUMN given INTEGER;
ALTER TABLE result_links ADD COLUMN given INTEGER;
ALTER TABLE method_indicators ADD COLUMN given INTEGER;
ALTER TABLE targets ADD COLUMN given INTEGER;
ALTER TABLE readings ADD COLUMN given INTEGER;
ALTER TABLE explanations ADD COLUMN given INTEGER;
ALTER TABLE activities ADD COLUMN given INTEGER;
ALTER TABLE surveys ADD COLUMN given INTEGER;
ALTER TABLE petitions ADD COLUMN given INTEGER;
ALTER TABLE checks ADD COLUMN given INTEGER;
ALTER TABLE ledger_marks ADD COLUMN given INTEGER;
ALTER TABLE milestones ADD COLUMN given INTEGER;
ALTER TABLE innovation_items ADD COLUMN given INTEGER;
ALTER TABLE recognitions ADD COLUMN given INTEGER;
ALTER TABLE site_sections ADD COLUMN given INTEGER;
ALTER TABLE pages ADD COLUMN given INTEGER;
ALTER TABLE holidays ADD COLUMN given INTEGER;
ALTER TABLE posts ADD COLUMN given INTEGER;
ALTER TABLE snapshots ADD COLUMN given INTEGER;
ALTER TABLE page_days ADD COLUMN given INTEGER;
ALTER TABLE contributions ADD COLUMN given INTEGER;

-- What a person typed on a post counts before every export, so of a correction only the columns that it changed.
UPDATE posts SET given = 1 + (
    SELECT ((posts.page_id IS NOT p.page_id) << 1)
        + ((posts.published_at IS NOT p.published_at) << 2)
        + ((posts.type IS NOT p.type) << 3)
        + ((posts.message IS NOT p.message) << 4)
        + ((posts.permalink IS NOT p.permalink) << 5)
        + ((posts.topic IS NOT p.topic) << 6)
        + ((posts.unit IS NOT p.unit) << 7)
        + ((posts.boosted IS NOT p.boosted) << 8)
        + ((posts.published_text IS NOT p.published_text) << 9)
    FROM posts p WHERE p.post_id = posts.post_id AND p.closed_revision = posts.opened_revision
    ORDER BY p.version_id DESC LIMIT 1)
WHERE batch IN (SELECT batch FROM imports WHERE kind = 'entry')
    AND EXISTS (SELECT 1 FROM posts p WHERE p.post_id = posts.post_id AND p.closed_revision = posts.opened_revision);
