# Processes, behaviours, protocols, macros, regular expressions, logging, and how a script ends that fails.
defmodule Counter do
  use GenServer
  def start_link(n), do: GenServer.start_link(__MODULE__, n, name: __MODULE__)
  def init(n), do: {:ok, n}
  def handle_call(:inc, _from, n), do: {:reply, n + 1, n + 1}
  def handle_cast({:add, k}, n), do: {:noreply, n + k}
end
{:ok, _} = Supervisor.start_link([{Counter, 5}], strategy: :one_for_one)
IO.inspect GenServer.call(Counter, :inc)
GenServer.cast(Counter, {:add, 10})
IO.inspect GenServer.call(Counter, :inc)
defprotocol Size do
  def size(x)
end
defimpl Size, for: List do
  def size(l), do: length(l)
end
defimpl Size, for: BitString do
  def size(b), do: byte_size(b)
end
IO.inspect {Size.size([1, 2]), Size.size("abc")}
defmodule P do
  defstruct [:name, age: 3]
  @enforce_keys []
  def f(%P{name: n} = p) when is_binary(n), do: %{p | age: p.age + 1}
end
IO.inspect P.f(struct(P, name: "x"))
IO.inspect (receive do x -> x after 10 -> :timeout end)
send(self(), {:hi, 1})
IO.inspect (receive do {:hi, n} when n > 0 -> n; _ -> :other end)
with {:ok, a} <- {:ok, 1}, {:ok, b} <- {:error, :no} do
  IO.inspect {a, b}
else
  e -> IO.inspect e
end
IO.inspect Enum.reduce(1..1000, 0, &+/2)
IO.inspect "héllo" |> String.upcase() |> String.reverse() |> String.graphemes()
IO.inspect for x <- 1..3, y <- [:a, :b], into: %{}, do: {{x, y}, x}
IO.inspect <<1::4, 2::4, "ab"::binary>>
IO.puts inspect(~D[2024-01-31] |> Date.add(30))
IO.inspect Code.eval_string("a + 1", a: 3)
IO.inspect(try do throw(:x) catch k, v -> {k, v} end)
IO.inspect Regex.replace(~r/(?<a>\w+) (\w+)/u, "hello wörld", "\\2 \\1")
IO.inspect Regex.named_captures(~r/(?<y>\d+)-(?<m>\d+)/, "2024-05")
require Logger
Logger.info("hello log")
Logger.error("bad #{inspect(1..3)}")
IO.inspect Process.info(self(), :message_queue_len)
IO.inspect :erlang.phash2({:a, "b"})
IO.inspect MapSet.new([3, 1, 2]) |> MapSet.to_list()
IO.inspect Stream.cycle([1, 2, 3]) |> Stream.map(&(&1 * 2)) |> Enum.take(5)
IO.inspect quote(do: 1 + x)
IO.puts Macro.to_string(quote do: (if a, do: b, else: c))
IO.inspect Task.async_stream(1..4, &(&1 * &1)) |> Enum.to_list()
IO.inspect Integer.parse("12abc")
IO.inspect Float.round(3.14159, 2)
IO.inspect Calendar.strftime(~N[2024-01-02 03:04:05], "%Y/%m/%d %H:%M")
raise "the end"
