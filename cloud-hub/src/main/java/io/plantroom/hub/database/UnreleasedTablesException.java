package io.plantroom.hub.database;

/**
 * The tables are neither of any release nor of an older one: some build in between has made them.
 * The message says in both languages what to do about it.
 */
public final class UnreleasedTablesException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * @param detail what is wrong with them
   */
  UnreleasedTablesException(String detail, Throwable cause) {
    super(
        """
        这个数据库的表由两个发行版之间的构建建立，本版本无法升级；未做任何更改。
        演示环境：用 --reset 重新开始。其他环境：在 hub.yaml 中改用新的空库，再用 restore 恢复最近一次发行版的备份（docs/backup.md）。
        The tables in this database were made by a build between two releases. This hub cannot bring them up to date and has changed nothing.
        Demo: start it with --reset. Elsewhere: name a new, empty database in hub.yaml and restore the last backup of a release into it (docs/backup.md).
        """
            + detail,
        cause);
  }
}
