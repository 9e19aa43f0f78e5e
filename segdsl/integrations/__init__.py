"""segdsl inside other libraries' models. Each module needs only the library that it is named after."""
