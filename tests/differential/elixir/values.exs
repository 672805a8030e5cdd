# Values: what Elixir prints of them, and what its library does with them.
IO.puts "hello #{1 + 2}"
defmodule M do
  def fib(0), do: 0
  def fib(1), do: 1
  def fib(n), do: fib(n - 1) + fib(n - 2)
end
IO.inspect M.fib(20)
IO.inspect Enum.map(1..5, &(&1 * &1))
IO.inspect %{a: 1, b: [1, 2, {3, "x"}]}
IO.inspect String.split("a,b,c", ",")
IO.inspect for <<c <- "hello">>, do: c
IO.inspect Regex.run(~r/(\d+)-(\d+)/, "12-34")
IO.inspect(try do raise "oops" rescue e -> e.message end)
{:ok, pid} = Agent.start_link(fn -> 0 end)
Agent.update(pid, &(&1 + 5))
IO.inspect Agent.get(pid, & &1)
IO.inspect Task.await(Task.async(fn -> :done end))
IO.inspect DateTime.from_unix!(0)
IO.inspect Stream.iterate(1, &(&1 * 2)) |> Enum.take(10)
