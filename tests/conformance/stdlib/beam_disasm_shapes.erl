-module(beam_disasm_shapes).
-export([main/0]).

%% The instructions of two files, as OTP's compiler made them: one for this system and one for OTP 22.
main() ->
    [show(zlib:uncompress(base64:decode(Text))) || Text <- [for_this_one(), for_22()]],
    Beam = zlib:uncompress(base64:decode(for_this_one())),
    [io:format("~w ~w~n", [Bits, type(Beam, Bits)]) || Bits <- lists:seq(0, 8191, 97) ++ [1 bsl N || N <- lists:seq(0, 13)]],
    [io:format("~P~n", [beam_disasm:file(Wrong), 12])
     || Wrong <- ["no_such_file", no_such_module, <<"abc">>] ++ [without(Beam, Chunk) || Chunk <- ["Code", "StrT", "ImpT"]]],
    {beam_file, _, _, Attributes, Information, _} = beam_disasm:file(without(without(Beam, "Attr"), "CInf")),
    io:format("~p~n", [{Attributes, Information}]),
    io:format("~s~n~s", [beam_disasm:format_error({internal, a}), beam_disasm:format_error({error, beam_lib, {not_a_beam_file, x}})]).

show(Beam) ->
    {beam_file, Module, Exports, Attributes, Information, Functions} = beam_disasm:file(Beam),
    io:format("~p~n~p~n~p~n~p~n", [Module, Exports, Attributes, Information]),
    [io:format("~p ~p~n", [Name, beam_disasm:function__code(Function)]) || {function, Name, _, _, _} = Function <- Functions].

without(Beam, Chunk) ->
    {ok, _, Chunks} = beam_lib:all_chunks(Beam),
    {ok, Less} = beam_lib:build_module(lists:keydelete(Chunk, 1, Chunks)),
    Less.

%% What is said of a register whose type has these bits.
type(Beam, Bits) ->
    {ok, _, Chunks} = beam_lib:all_chunks(Beam),
    {_, <<Version:32, Count:32, _/binary>>} = lists:keyfind("Type", 1, Chunks),
    Types = binary:copy(<<Bits:16, 5:64, -256:64>>, Count),
    {ok, Changed} = beam_lib:build_module(lists:keyreplace("Type", 1, Chunks, {"Type", <<Version:32, Count:32, Types/binary>>})),
    {beam_file, _, _, _, _, Functions} = beam_disasm:file(Changed),
    [First | _] = [Type || {function, _, _, _, Code} <- Functions, Instruction <- Code, Type <- types(Instruction)],
    First.

types({tr, _, Type}) -> [Type];
types(Tuple) when is_tuple(Tuple) -> types(tuple_to_list(Tuple));
types([Head | Tail]) -> types(Head) ++ types(Tail);
types(_) -> [].

for_this_one() ->
    <<"eJxtVk1sG0UUntmxnY3JthOPE7s/aSfZpG6TOtnE0Cb9oZM0bahoIZRWBgkRr+1N6tRZuxu7JKhILpALAqmC09IiCqKFUn7S8nOu"
      "kBBcQFWhFw6oQqrEEXGCA4I39kSElpXe7pvv/c57b8Y++PjRQYSafxw7MHpktHJ8GCGMEUIDJD8/h+2Q4xVtd6Y5u1hxpuYLzztN"
      "BbfizDheKFtwbW+R2MViaL7iFdyZQLUyPdxcdfPOdMF18kFYDu6Q79QQzuIczuPnsYOn8UzQswvzDj4Rsstlx83jgj5nn3SmPGda"
      "K53Es6GsnZ+zy0HH80oePomLOIl78VxDabrqYheX8ClcwQvYw30PzJXy1aIzVXCnS2tnnMrUqvUDyfzAYBJMklaSJrPAF7O57met"
      "gSEA1pS9wmkbdtXIwoCoUzOO63h2peRBAfaX8g5CwceBpajxXAeaAGrD1KdapItjfibIETOvBZFFSUzvPUqpRs5meU1LM+q9iGoa"
      "unZ0kk6gtMmb6esZpJF3r5fBCXn3q5pcMGz5XIvcoli0UCpIQGxDZEkQJgIkyI1xiid9S4v8QnHm8nFC2fuM8GqV8bMUmc9VmeXV"
      "UOoDRi4xIqgQ75GYZaYIw2XAqksMYoJe31LatNbZ2ZeXmE6XT0tYAPzKErNQ6rUlJtDCEhuk6F4ntYZjvvc4PucLLfI7xRcbSeLl"
      "2F0y8jXZdZvwMYJY320WGCOUtEUowzf6bpMwpTstBME5RW1XEYnRgBTdjH+B76z/ojnfLiYokchv/qQWCbdSrFObJFBmgieoE0yg"
      "BE3QzARN8HwQWACzDRA0rATNqYUMAlE4QpkEgoz1Vj8D7iIc65EWLjM9ETXYo6gQ3WtEsc5m4RWVlaVGO+i0+WXQZhC8vQUhcYsJ"
      "zRRdpMmiorWug7Ae82ug0wbacegyr7GYHgm305rGPNlmUm/yzdYQN+JYX+efA+UYOFxfDx/9NNCE+McBIqIMVlcI+wgqEV2GNDbE"
      "jA7SZ2wk6aj4JNomwutIhMMONsaNDVjvWCffm/yL4G49uNt8weCEWvQ9FuO3yJtBQniMd7WebzCsEwy5FJMYD28gj1EL653+Mhh3"
      "gHHXBcMkbwGBsCO86UyQijSZlOUyHyFY7/ZvgOImgfWeRgtEgubvLbCQBX4hKCaZyTKgZadZ5t+m2CnZLZ7gjuqWspet5MChnMTR"
      "/zRsi38TgndClgk59J2miJDHrAzWt/p3QGCCYNtlY+vK5Bu9avSBsUyY/QVgTAvJtYCzYFJLzi9PmeC7d2V+ja1Y7/N/A3/dUJjt"
      "LZYlzIBgUUG6rzATulKmImqKbnnoTsnaJX0dzne4B7reL7sOZzuTpZZGGLgd8PVWEG6B1Kw+Y5BMTIpwQu5lcMR4kOxJk7IxEBOW"
      "kRLGENaHQJCqnxFjgIW3wilhY4RDKXmZEWn1oGXsJLuJtOkydtwyHsL6Q6JTSnbAFMJnZ7+xSylMCGNkghvDWB8WZ6VsRJySn10N"
      "8TvGnmvGbqzvFk9IdI8YlZ+9PoJ0e2GWH5bFpTWs72tAsAMhqw4oP4f1UXnIw9th02MyPcKk9X55PYWTAI5fNg4SblaNA6Y1ShGp"
      "X3osdiPcD5ce845yqqVJbVCYBA7DONYPiLqDgytzOSDnkqAnK94xuEPX2Nncvj8a92ou34TQobmyxM8AhYEIUAAIKz6qvpLi6j6W"
      "/MZVOptX8TBiSFN81yrbbavwvlX6ktcOLNRz+BWIAfUquVC8fB4G2qJwmGXUo/z1A3UrX9uBTKUj43UqPgG0Se1L2nUoXOa3XvFy"
      "DzHFS6xN+Y+rnCTeDhRRuPy2Klz+Tq1VvKzhGsWHgAzFB5RdnQ5W3WOrarhd4WNqr1i7e+mpw4WK1BkHemrhQi6TyQDdKX2PX3/1"
      "bnHE7+kZufK0WJP+7Pxfa0Nx9PvG+LnFT/b9fOSPt3Nu0/E/cf83P1347sa3OlourP3riFOx5b5fKkrvJ7Q8oo5rZ4tOfmrasStV"
      "z5mfnQXR4VJuJS+ZT1J9x1fnOFqpyJ/psbovTfoip+fdumOXoo+Clztavrr6xmvJL3+IX/38mVmpELKrlRMlr64DK7eULeUXZcD9"
      "h9xpADf8m1fTacebL5Tckyg43D/Un5pFxxbL8H8Afahq1bz5b1Ul9Ld66nn9FxErCLkPWdHU0X1WtfuQyXsRer/VPZ7lJPwDxuTK"
      "zw==">>.

for_22() ->
    <<"eJxdVl1sG8cR3uXwpBPttZZcSZTkH520cixbkXQUFVvyT7wSJdOKY4V17ABujUikeJL1R0oU6ciBDVBN5SQFWjiuX64xCrdwHD8q"
      "KPyeIj9AgRRwi/rdLwWalyDIQ9GiQJxZctWyPWA4c9/MzszOzO7xzGsXYoQ0fD42MXp+tHhpmBDyFVIPZNdXaLrOKyync/MNmetF"
      "b3p94W0P0svLNENnaZa+TT06QI/QXtpH5+i8VUgvrHv0Kl2wV9JL3nTBmwvkl+hiXSadXUmvWl6hkC/QJbpMV6oGc6UczdE8XaNF"
      "ukELu1by2dKyN72Qm8s3znvF6dr3vvmBWN/ybPebLnK3j6HP6Xkv5xXSxXxhV18WUXSHGt6X0ZaZiukgAol81iPE+iPuiZPq8wjp"
      "VaQWyn0eiHQ51LlhOURIReN5K94QKcfvWJBAMVGO3/6PdMNSRBj5fStOFIlftjY5gR9bF8pEXNkml60Gzh35gUXgV5YDd5GrOAjq"
      "+k4gkuFU7eZcQVAdJrClQKggWA6b5DTlu4FIgdOZh5eAi48FOKWScNC1fKskXHQefyTgIwGKK/UAoq7UTlcRK20JB0MS2bsl29KZ"
      "n20Jm29f06BC8OdbwiXxX2wJRTa2RIyTt1C8wEmCq1TVTULQctW1c+oSve2rQOSnnN6vpkm3o3+DkS/g+FNwxoCI3qciOAYcmiNc"
      "0E97n8KdZtzBPNGvT1of02ftjxuyLSpJQCPf+qlA5Hec2vymxTl0ipuW44gk0dwFAYgq+Jeiv/y68R+frT/7Zup06C+4KzvszwQi"
      "3znUjuxJOUp0Kxi6Os7EObIwrmD8FGuitlgcVyKooElJuM9THPeimoKApuPUblJD8J7i/kyQsxbMT+diN/urgUiIYzYtuwlRGaEC"
      "UnVBvZtSYdCGFmdjhNpRv4x2EYzeqqjMWzJcljcslwDOhYyX5S1LErcsiKy0HK7wJ0qKOoe1UrvNv41LBYZor5avnsyooNDthqXv"
      "FTZv6XuBye+Nsv3Qy/ZBsFmFmqvp7Wtle6m9v03/HvDvo58W9NNxjznAXf5ARJ0M/NoCcKJOV/jDqiA6caGj1RB1QlGY4qvU7vS3"
      "cXEbLu66xyT8BimqQu0y1CZwG2UAnnJ1tYSEpA4szwK1u/1PcVG7ovbBm5ZyIOmA5kJiq1S1VYrHk26lgyA040kXEMb+gO7ZC/4T"
      "9LAXwx7SY90pVQSm3NvU7vGfoWI/Kg4/ZD07s82OmOFGwZU43RsoSJfod4V1ldzVY+7EJfo+sjOfrIfavf636O+AS+0Xd7uukkEl"
      "mhQ2XmCFpcAKy5pir3LVJFW3PmZrHJf0+Tae9lAHdrcfu3vTcp2YqDSWy/d1Y3Vb8cQAjhUGHvDtMJo7mLzby2KQVCrUqRWxETYE"
      "J4ENRJXL4ooNUnsQ4XjljLABEerCUyLGQJfRcasVGnLZMThRWdPFjmbYS9R+SVW8HcUJRHasnx03BkmHjSRdNkztYbWpdSNqTbPj"
      "VfVv2clP2Alqn1A/0uhJNarZKZ9gshJn+GVdfH6f2qerEOavdFcQdbapPVo5CgcRHRtm44CL4RBLJFOCceU8CEZdEe7EEzHGHT4R"
      "hOp8JuoQoPb4EJvQsSZ2pu6F6tSd0fdG6BDWNWkONxqd1XdeqAfByYfsHDjyYwluib0i3VFO4oriRZqI8QQnqXetBBckcdmKaUVC"
      "YPnxSE1S+xVV8XTuf8IBXtyvFwsXke1JZ2ZP/7N6p89m6wmZXFnV+F0kPOZEmwaRqJF3IQWMvLtGZjXynho5bLimJvPt0HJrjc89"
      "NfK+GvvuGlzLgYmNSm5/RxJI0uiVkfXzMpJjcBepw+TSj3TA+HoRab+xOYy018iHkNrNfg8itRm8S3/njNxhYlNjGzH+W823kRrb"
      "RoNrfcjgWm8bWWP1Rq4zRE3swA6dKeUumprs5KfxpNkrDQ61nnh1oahtfoJ0a+Pe7MzMDNKzxWu/f/4HAlN/GlF3+mJ/jp6NDfbe"
      "LT8qfDl+7N+N3LLPwMVz6ZGlqbm1ybWR9VxmtOv1lr9+1bga3zxZP/zu5uORDzc/CH95NkiubDZdJ+e9YlrX7J1lHfVqIEu4l0tn"
      "lr3s9JyXLpYK3vriov5DkJ/VufSYOveYfCf/L/eDZj9jo8ViQfOK34D2C9fWc5UgOU7OB+rCDdBxtOFx2xvF+nduLWqDunSpeDVf"
      "qNjgWy6fyWev6+CJydyc7uV/c6y/5hXWF/K5JWIN9w/2xxfJxeurnumbjk87nptKkufmIeQHUe6g8w==">>.
