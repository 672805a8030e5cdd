%%% A mistake: a misspelt field of a record.
-module(unknown_field).
-export([name/1]).

-record(person, {name, age}).

name(Person) ->
    Person#person.nmae.
