-- Fills the tables from `incoming`: the documents of `signoff.proposals/1`, one in each row.

INSERT INTO proposals
SELECT d ->> 'path', d ->> 'proposal', d ->> 'title', d ->> 'group', d ->> 'status', d ->> 'stage',
       d ->> 'latest_milestone', d ->> '$.body.path', d ->> '$.body.template_generation',
       d ->> '$.body.unresolved', d ->> '$.body.comments'
FROM incoming ORDER BY id;

INSERT INTO people
SELECT d ->> 'path', role, entry.key + 1, entry.value
FROM incoming, (SELECT 1 AS rank, 'author' AS role UNION ALL SELECT 2, 'reviewer' UNION ALL SELECT 3, 'approver'),
     json_each(d, '$.' || role || 's') AS entry
ORDER BY incoming.id, rank, entry.key;

INSERT INTO milestones
SELECT d ->> 'path', entry.key, entry.value FROM incoming, json_each(d, '$.milestones') AS entry
ORDER BY incoming.id, entry.id;

INSERT INTO gates
SELECT d ->> 'path', 'metadata', entry.value ->> 'name',
       (SELECT group_concat(component.value, ', ') FROM json_each(entry.value, '$.components') AS component),
       entry.value ->> 'line'
FROM incoming, json_each(d, '$.gates') AS entry ORDER BY incoming.id, entry.key;
INSERT INTO gates
SELECT d ->> 'path', 'answers', entry.value, NULL, NULL FROM incoming, json_each(d, '$.body.gates') AS entry
ORDER BY incoming.id, entry.key;

INSERT INTO metrics
SELECT d ->> 'path', 'metadata', entry.value FROM incoming, json_each(d, '$.metrics') AS entry
ORDER BY incoming.id, entry.key;
INSERT INTO metrics
SELECT d ->> 'path', 'answers', entry.value FROM incoming, json_each(d, '$.body.metrics') AS entry
ORDER BY incoming.id, entry.key;

INSERT INTO fields
SELECT d ->> 'path', entry.key, entry.value FROM incoming, json_each(d, '$.fields') AS entry
ORDER BY incoming.id, entry.id;

INSERT INTO sections
SELECT d ->> 'path', entry.key + 1, entry.value ->> 'title', entry.value ->> 'level', entry.value ->> 'line',
       entry.value ->> 'state'
FROM incoming, json_each(d, '$.body.sections') AS entry ORDER BY incoming.id, entry.key;

INSERT INTO questions
SELECT d ->> 'path', form.value ->> 'id', q.value ->> 'number', q.value ->> 'id', q.value ->> 'group',
       q.value ->> 'title', q.value ->> 'encouraged_from', q.value ->> 'required_from',
       q.value ->> 'reconfirm_at', q.value ->> 'state', q.value ->> 'line',
       q.value ->> 'end_line', q.value ->> 'text'
FROM incoming, json_each(d, '$.questionnaires') AS form, json_each(form.value, '$.questions') AS q
ORDER BY incoming.id, form.key, q.key;

INSERT INTO blanks
SELECT d ->> 'path', form.value ->> 'id', q.value ->> 'id', blank.value ->> 'id', blank.value ->> 'label', blank.value ->> 'ticked',
       blank.value ->> 'value', blank.value ->> 'line'
FROM incoming, json_each(d, '$.questionnaires') AS form, json_each(form.value, '$.questions') AS q,
     json_each(q.value, '$.fields') AS blank
ORDER BY incoming.id, form.key, q.key, blank.key;

INSERT INTO checklists
SELECT d ->> 'path', entry.value ->> 'id', entry.value ->> 'ticked', entry.value ->> 'total'
FROM incoming, json_each(d, '$.checklists') AS entry ORDER BY incoming.id, entry.key;

INSERT INTO relations
SELECT d ->> 'path', entry.value ->> 'kind', entry.value ->> 'target'
FROM incoming, json_each(d, '$.relations') AS entry ORDER BY incoming.id, entry.key;
