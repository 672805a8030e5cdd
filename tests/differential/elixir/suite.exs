# A suite of tests, one of which fails.
ExUnit.start(seed: 0)
defmodule T do
  use ExUnit.Case
  test "ok" do
    assert 1 + 1 == 2
  end
  test "bad" do
    assert Enum.sum([1, 2]) == 4
  end
  test "raise" do
    assert_raise ArgumentError, fn -> String.to_integer(Enum.join(["x"])) end
  end
end
