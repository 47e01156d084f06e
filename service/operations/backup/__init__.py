"""Back a running service up into a folder with the layout of a data folder.

    folder     claim it, so that nothing else is overwritten
    back_up    a copy of the database, then the audio that it lists, then the swap
    files      link or copy audio and voices; remove what is not listed any more

Until the swap, the folder holds the previous backup, whole; audio that is added
before does not change it.
"""

from service.operations.backup.back_up import BackupReport, back_up

__all__ = ["BackupReport", "back_up"]
