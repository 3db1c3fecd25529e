// One life of an issue, and what forms and pages read, through jira.js with every answer validated.
// Prints one JSON object: what each step came to.
import { createAgileClient, createCloudClient } from 'jira.js';

const [host, email, apiToken] = process.argv.slice(2);
const mismatches = [];
const options = { host, auth: { type: 'basic', email, apiToken }, onSchemaMismatch: report => mismatches.push(report) };
const jira = createCloudClient(options);
const agile = createAgileClient(options);
const failures = [];
const kept = {};

async function step(name, act) {
  try {
    return (kept[name] = await act());
  } catch (error) {
    failures.push(`${name}: ${error.constructor.name} ${error.message} ${JSON.stringify(error.response?.data ?? error.body ?? error.cause?.message ?? '')}`);
    return undefined;
  }
}

const text = words => ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }] });
const plain = (summary, name = 'Task') => ({ project: { key: 'FHP' }, issuetype: { name }, summary });

const me = await step('myself', () => jira.myself.getCurrentUser({ expand: 'groups,applicationRoles' }));
const epic = await step('create epic', () => jira.issues.createIssue({ fields: plain('An epic', 'Epic') }));
const made = await step('create', () => jira.issues.createIssue({ fields: { ...plain('By jira.js'), description: text('Words'), labels: ['js'], parent: { key: epic.key } } }));
const issueIdOrKey = made.key;
await step('bulk create', () => jira.issues.createIssues({ issueUpdates: Array.from({ length: 50 }, (_, n) => ({ fields: plain(`Bulk ${n}`) })) }));
for (const part of [1, 2, 3, 4]) await step(`bulk create ${part}`, () => jira.issues.createIssues({ issueUpdates: Array.from({ length: 50 }, (_, n) => ({ fields: plain(`Bulk ${part} ${n}`) })) }));
await step('get', () => jira.issues.getIssue({ issueIdOrKey, expand: ['renderedFields', 'names', 'schema', 'changelog', 'transitions', 'editmeta', 'operations'] }));
await step('edit', () => jira.issues.editIssue({ issueIdOrKey, fields: { summary: 'Edited by jira.js' }, update: { labels: [{ add: 'more' }] } }));
await step('assign', () => jira.issues.assignIssue({ issueIdOrKey, accountId: me.accountId }));
await step('edit meta', () => jira.issues.getEditIssueMeta({ issueIdOrKey }));
await step('create meta types', () => jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: 'FHP' }));
await step('create meta fields', () => jira.issues.getCreateIssueMetaIssueTypeId({ projectIdOrKey: 'FHP', issueTypeId: '10002' }));
await step('transitions', () => jira.issues.getTransitions({ issueIdOrKey, expand: 'transitions.fields' }));
await step('transition', () => jira.issues.doTransition({ issueIdOrKey, transition: { id: kept.transitions.transitions[1].id } }));
await step('changelog', () => jira.issues.getChangeLogs({ issueIdOrKey }));
const comment = await step('comment', () => jira.issueComments.addComment({ issueIdOrKey, body: text('Said') }));
await step('comments', () => jira.issueComments.getComments({ issueIdOrKey, expand: 'renderedBody' }));
await step('comment edit', () => jira.issueComments.updateComment({ issueIdOrKey, id: comment.id, body: { body: text('Better') } }));
const worklog = await step('worklog', () => jira.issueWorklogs.addWorklog({ issueIdOrKey, timeSpentSeconds: 3600, comment: text('Did it'), started: '2026-01-17T12:34:00.000+0000' }));
await step('worklogs', () => jira.issueWorklogs.getIssueWorklog({ issueIdOrKey }));
await step('worklog edit', () => jira.issueWorklogs.updateWorklog({ issueIdOrKey, id: worklog.id, body: { timeSpentSeconds: 7200 } }));
await step('attach', () => jira.issueAttachments.addAttachment({ issueIdOrKey, attachments: { filename: 'a.txt', content: Buffer.from('words') } }));
await step('attachment', () => jira.issueAttachments.getAttachment({ id: kept.attach[0].id }));
await step('attachment content', () => jira.issueAttachments.getAttachmentContent({ id: kept.attach[0].id, redirect: false }));
await step('attachment meta', () => jira.issueAttachments.getAttachmentMeta());
const other = await step('create other', () => jira.issues.createIssue({ fields: plain('The other', 'Bug') }));
await step('link', () => jira.issueLinks.linkIssues({ type: { name: 'Blocks' }, inwardIssue: { key: issueIdOrKey }, outwardIssue: { key: other.key } }));
await step('get linked', () => jira.issues.getIssue({ issueIdOrKey }));
await step('link get', () => jira.issueLinks.getIssueLink({ linkId: kept['get linked'].fields.issuelinks[0].id }));
await step('remote link', () => jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({ issueIdOrKey, globalId: 'js', object: { url: 'https://example.org', title: 'Page' } }));
await step('remote links', () => jira.issueRemoteLinks.getRemoteIssueLinks({ issueIdOrKey }));
await step('watch', () => jira.issueWatchers.addWatcher({ issueIdOrKey, accountId: me.accountId }));
await step('watchers', () => jira.issueWatchers.getIssueWatchers({ issueIdOrKey }));
await step('votes', () => jira.issueVotes.getVotes({ issueIdOrKey: other.key }));
await step('property set', () => jira.issueProperties.setIssueProperty({ issueIdOrKey, propertyKey: 'tool', body: { id: 1 } }));
await step('property', () => jira.issueProperties.getIssueProperty({ issueIdOrKey, propertyKey: 'tool' }));
let nextPageToken, found = 0;
do {
  const page = await step('search', () => jira.issueSearch.searchAndReconsileIssuesUsingJql({ jql: 'project = FHP ORDER BY key', fields: ['*all'], maxResults: 100, nextPageToken }));
  found += page?.issues?.length ?? 0;
  nextPageToken = page?.nextPageToken;
} while (nextPageToken);
await step('count', () => jira.issueSearch.countIssues({ jql: 'project = FHP' }));
const reads = {
  'projects': () => jira.projects.searchProjects({ expand: 'description,lead,issueTypes,url,projectKeys,insight' }),
  'project': () => jira.projects.getProject({ projectIdOrKey: 'FHP' }),
  'project team': () => jira.projects.getProject({ projectIdOrKey: 'TEAM' }),
  'project statuses': () => jira.projects.getAllStatuses({ projectIdOrKey: 'FHP' }),
  'components': () => jira.projectComponents.getProjectComponents({ projectIdOrKey: 'FHP' }),
  'versions': () => jira.projectVersions.getProjectVersions({ projectIdOrKey: 'FHP' }),
  'roles': () => jira.projectRoles.getProjectRoles({ projectIdOrKey: 'FHP' }),
  'fields': () => jira.issueFields.getFields(),
  'issue types': () => jira.issueTypes.getIssueAllTypes(),
  'priorities': () => jira.issuePriorities.searchPriorities(),
  'resolutions': () => jira.issueResolutions.getResolution({ id: '10000' }),
  'statuses': () => jira.workflowStatuses.getStatuses(),
  'status search': () => jira.status.search({}),
  'categories': () => jira.workflowStatusCategories.getStatusCategories(),
  'link types': () => jira.issueLinkTypes.getIssueLinkTypes(),
  'server info': () => jira.serverInfo.getServerInfo(),
  'configuration': () => jira.jiraSettings.getConfiguration(),
  'permissions': () => jira.permissions.getMyPermissions({ permissions: 'BROWSE_PROJECTS,EDIT_ISSUES' }),
  'users': () => jira.userSearch.findUsers({ query: 'maya' }),
  'assignable': () => jira.userSearch.findAssignableUsers({ project: 'FHP' }),
  'user': () => jira.users.getUser({ accountId: me.accountId }),
  'user groups': () => jira.users.getUserGroups({ accountId: me.accountId }),
  'all users': () => jira.users.getAllUsers({}),
  'groups': () => jira.groups.findGroups({}),
  'labels': () => jira.labels.getAllLabels(),
  'jql data': () => jira.jql.getAutoComplete(),
  'jql parse': () => jira.jql.parseJqlQueries({ queries: ['project = FHP AND status in ("To Do", Done) ORDER BY created DESC'], validation: 'strict' }),
  'filters': () => jira.filters.getFiltersPaginated({}),
  'updated worklogs': () => jira.issueWorklogs.getIdsOfWorklogsModifiedSince({ since: 0 }),
  'boards': () => agile.board.getAllBoards({}),
};
for (const [name, act] of Object.entries(reads)) await step(name, act);
if (kept.boards?.values?.length) {
  const boardId = kept.boards.values.find(one => one.type === 'scrum').id;
  await step('board', () => agile.board.getBoard({ boardId }));
  await step('board configuration', () => agile.board.getConfiguration({ boardId }));
  await step('sprints', () => agile.board.getAllSprints({ boardId }));
  await step('board issues', () => agile.board.getIssuesForBoard({ boardId }));
  const sprint = await step('create sprint', () => agile.sprint.createSprint({ name: 'By jira.js', originBoardId: boardId }));
  await step('move to sprint', () => agile.sprint.moveIssuesToSprintAndRank({ sprintId: sprint.id, issues: [issueIdOrKey] }));
  await step('sprint issues', () => agile.sprint.getIssuesForSprint({ sprintId: sprint.id }));
  await step('delete sprint', () => agile.sprint.deleteSprint({ sprintId: sprint.id }));
}
await step('worklog delete', () => jira.issueWorklogs.deleteWorklog({ issueIdOrKey, id: worklog.id }));
await step('comment delete', () => jira.issueComments.deleteComment({ issueIdOrKey, id: comment.id }));
await step('delete', () => jira.issues.deleteIssue({ issueIdOrKey }));
const gone = await jira.issues.getIssue({ issueIdOrKey }).then(() => 'found', error => error.constructor.name);
console.log(JSON.stringify({ steps: Object.keys(kept).length, found, gone, failures, mismatches }, null, 1));
