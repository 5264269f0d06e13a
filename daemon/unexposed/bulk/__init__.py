"""Many files at once: found as the work goes on, done by a crew of workers, summed up.

Nothing here grows with the number of files, and what one file does to its worker costs that
file only.
"""

from unexposed.bulk.capacity import usual_jobs
from unexposed.bulk.crew import Crew
from unexposed.bulk.doing import Cleaning, Finished, Inspecting
from unexposed.bulk.files import Files, Found
from unexposed.bulk.tally import Tally

__all__ = [
    "Cleaning",
    "Crew",
    "Files",
    "Finished",
    "Found",
    "Inspecting",
    "Tally",
    "usual_jobs",
]
