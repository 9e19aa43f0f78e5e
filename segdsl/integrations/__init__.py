"""segdsl inside other libraries' models. Each module needs the library that it is named after, and only that one."""
