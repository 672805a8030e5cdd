%% A feature of the command line that does not exist.
%%! erlc +{feature,no_such_feature,enable}
-module(feature_from_outside).
-export([f/0]).

f() -> 1.
