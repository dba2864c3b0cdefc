"""What a node does about files of its spool that are damaged or gone."""
