import Autograd

/// What the divergence of a variational autoencoder costs: the options of all such recipes.
///
/// Where a decoder can do without the code, the divergence falls to zero and the code says nothing, the
/// posterior's collapse; most of these options are against that.
public struct DivergenceOptions: Configurable {
    @Option(
        "fraction of the training in which the weight of the divergence rises from 0", in: 0...1)
    public var warmUp = 0.0
    @Option(
        "how often the weight rises from 0, each time in the first half of a cycle", in: 0...1000)
    public var cycles = 0
    @Option("nats for each number of a code that the divergence may have at no cost", in: 0...)
    public var freeNats = 0.0
    @Option("what has them: numbers, or codes as a whole, one for each layer of codes")
    public var freeNatsOf = FreeNatsUnit.numbers
    @Option(
        "nats to which the divergence is drawn: the distance from it costs, from 0 at first to this at "
            + "the end", in: 0...)
    public var capacity: Double? = nil

    public init() {}

    /// - Parameter warmUp: the fraction of the training in which the weight rises from 0.
    public init(warmUp: Double) { self.warmUp = warmUp }

    /// Whether the divergence is anything but itself.
    var isChanged: Bool { warmUp > 0 || cycles > 0 || freeNats > 0 || capacity != nil }

    func validateTogether() throws(OptionError) {
        if warmUp > 0, cycles > 0 {
            throw .unfit(name: "cycles", expected: "0 with a warm-up", found: "\(cycles)")
        }
        if capacity != nil, freeNats > 0 {
            throw .unfit(name: "freeNats", expected: "0 with a capacity", found: "\(freeNats)")
        }
    }

    /// The divergence with these options.
    func term<Output: HasLatentVariables>() -> Objective<Output> {
        let term: Objective<Output> =
            if let capacity {
                0 * KullbackLeibler() + DivergenceCapacity(capacity).objective
            } else if freeNats > 0 {
                0 * KullbackLeibler() + FreeNats(freeNats, of: freeNatsOf).objective
            } else {
                KullbackLeibler().objective
            }
        if cycles > 0 { return Annealing.cyclic(cycles) * term }
        return warmUp > 0 ? Annealing.linear(until: warmUp) * term : term
    }
}
