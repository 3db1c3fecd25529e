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
await step('rank', () => agile.issue.rankIssues({ issues: [issueIdOrKey], rankBeforeIssue: other.key }));
await step('agile issue', () => agile.issue.getIssue({ issueIdOrKey }));
await step('epic', () => agile.epic.getEpic({ epicIdOrKey: epic.key }));
await step('epic edit', () => agile.epic.partiallyUpdateEpic({ epicIdOrKey: epic.key, name: 'A great epic', done: false }));
await step('move to epic', () => agile.epic.moveIssuesToEpic({ epicIdOrKey: epic.key, issues: [issueIdOrKey] }));
await step('epic issues', () => agile.epic.getIssuesForEpic({ epicIdOrKey: epic.key }));
await step('without epic', () => agile.epic.getIssuesWithoutEpic({ maxResults: 5 }));
await step('from epic', () => agile.epic.removeIssuesFromEpic({ issues: [issueIdOrKey] }));
await step('to backlog', () => agile.backlog.moveIssuesToBacklog({ issues: [issueIdOrKey] }));

const filter = await step('filter', () => jira.filters.createFilter({ name: 'By jira.js', jql: 'project = FHP', favourite: true }));
await step('filter get', () => jira.filters.getFilter({ id: filter.id, expand: 'sharedUsers,subscriptions' }));
await step('filter edit', () => jira.filters.updateFilter({ id: filter.id, name: 'Renamed by jira.js', jql: 'project = LIN' }));
await step('filters mine', () => jira.filters.getMyFilters({}));
await step('filters favourite', () => jira.filters.getFavouriteFilters({}));
await step('filter delete', () => jira.filters.deleteFilter({ id: filter.id }));

const group = await step('group', () => jira.groups.createGroup({ name: 'by-jira-js' }));
await step('group join', () => jira.groups.addUserToGroup({ groupname: 'by-jira-js', accountId: me.accountId }));
await step('group members', () => jira.groups.getUsersFromGroup({ groupname: 'by-jira-js' }));
await step('group leave', () => jira.groups.removeUserFromGroup({ groupname: 'by-jira-js', accountId: me.accountId }));
await step('group delete', () => jira.groups.removeGroup({ groupname: 'by-jira-js' }));

const projectId = Number(kept.project.id);
const version = await step('version', () => jira.projectVersions.createVersion({ name: 'By jira.js', projectId, releaseDate: '2026-05-01' }));
await step('version edit', () => jira.projectVersions.updateVersion({ id: version.id, released: true }));
await step('version get', () => jira.projectVersions.getVersion({ id: version.id, expand: 'operations,issuesstatus' }));
await step('version counts', () => jira.projectVersions.getVersionRelatedIssues({ id: version.id }));
await step('version unresolved', () => jira.projectVersions.getVersionUnresolvedIssues({ id: version.id }));
await step('versions page', () => jira.projectVersions.getProjectVersionsPaginated({ projectIdOrKey: 'FHP' }));
await step('version move', () => jira.projectVersions.moveVersion({ id: version.id, position: 'First' }));
await step('version delete', () => jira.projectVersions.deleteAndReplaceVersion({ id: version.id }));

const component = await step('component', () => jira.projectComponents.createComponent({ name: 'By jira.js', project: 'FHP', leadAccountId: me.accountId, assigneeType: 'COMPONENT_LEAD' }));
await step('component edit', () => jira.projectComponents.updateComponent({ id: component.id, description: 'Better' }));
await step('component get', () => jira.projectComponents.getComponent({ id: component.id }));
await step('component counts', () => jira.projectComponents.getComponentRelatedIssues({ id: component.id }));
await step('components page', () => jira.projectComponents.getProjectComponentsPaginated({ projectIdOrKey: 'FHP' }));
await step('component delete', () => jira.projectComponents.deleteComponent({ id: component.id }));

const linkType = await step('link type', () => jira.issueLinkTypes.createIssueLinkType({ name: 'Tests', inward: 'is tested by', outward: 'tests' }));
await step('link type edit', () => jira.issueLinkTypes.updateIssueLinkType({ issueLinkTypeId: linkType.id, name: 'Checks' }));
await step('link type get', () => jira.issueLinkTypes.getIssueLinkType({ issueLinkTypeId: linkType.id }));
await step('link type delete', () => jira.issueLinkTypes.deleteIssueLinkType({ issueLinkTypeId: linkType.id }));

const category = await step('category', () => jira.projectCategories.createProjectCategory({ name: 'By jira.js', description: 'Made' }));
await step('categories of projects', () => jira.projectCategories.getAllProjectCategories());
await step('category edit', () => jira.projectCategories.updateProjectCategory({ id: Number(category.id), name: 'Renamed' }));
await step('category delete', () => jira.projectCategories.removeProjectCategory({ id: Number(category.id) }));

const schemes = await step('permission schemes', () => jira.permissionSchemes.getAllPermissionSchemes({ expand: 'permissions' }));
await step('permission scheme', () => jira.permissionSchemes.getPermissionScheme({ schemeId: schemes.permissionSchemes[0].id, expand: 'all' }));
await step('permission grants', () => jira.permissionSchemes.getPermissionSchemeGrants({ schemeId: schemes.permissionSchemes[0].id }));
await step('all permissions', () => jira.permissions.getAllPermissions());
await step('permitted', () => jira.permissions.getPermittedProjects({ permissions: ['BROWSE_PROJECTS'] }));
await step('bulk permissions', () => jira.permissions.getBulkPermissions({ accountId: me.accountId, globalPermissions: ['ADMINISTER'], projectPermissions: [{ permissions: ['EDIT_ISSUES'], projects: [projectId] }] }));
const roles = await step('site roles', () => jira.projectRoles.getAllProjectRoles());
await step('role', () => jira.projectRoles.getProjectRole({ projectIdOrKey: 'FHP', id: roles[0].id }));
await step('role details', () => jira.projectRoles.getProjectRoleDetails({ projectIdOrKey: 'FHP' }));
await step('role actors', () => jira.projectRoleActors.getProjectRoleActorsForRole({ id: roles[0].id }));
await step('security schemes', () => jira.issueSecuritySchemes.getIssueSecuritySchemes());

const chosen = [issueIdOrKey, other.key];
await step('bulk fields', () => jira.issueBulkOperations.getBulkEditableFields({ issueIdsOrKeys: chosen.join(',') }));
await step('bulk transitions', () => jira.issueBulkOperations.getAvailableTransitions({ issueIdsOrKeys: chosen.join(',') }));
const task = await step('bulk watch', () => jira.issueBulkOperations.submitBulkWatch({ selectedIssueIdsOrKeys: chosen }));
await step('bulk progress', () => jira.issueBulkOperations.getBulkOperationProgress({ taskId: task.taskId }));
await step('bulk unwatch', () => jira.issueBulkOperations.submitBulkUnwatch({ selectedIssueIdsOrKeys: chosen }));
await step('bulk delete', () => jira.issueBulkOperations.submitBulkDelete({ selectedIssueIdsOrKeys: [other.key] }));

await step('worklog delete', () => jira.issueWorklogs.deleteWorklog({ issueIdOrKey, id: worklog.id }));
await step('comment delete', () => jira.issueComments.deleteComment({ issueIdOrKey, id: comment.id }));
await step('delete', () => jira.issues.deleteIssue({ issueIdOrKey }));
const gone = await jira.issues.getIssue({ issueIdOrKey }).then(() => 'found', error => error.constructor.name);
console.log(JSON.stringify({ steps: Object.keys(kept).length, found, gone, failures, mismatches }, null, 1));
