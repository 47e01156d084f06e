"""Articles under the publisher's own ids: revisions and their narrations."""
