import Autograd

extension Categorical {
    /// The same classes, the likely ones made likelier, and the unlikely ones left out: how samples are
    /// drawn that are more typical and less varied than the distribution.
    ///
    /// - Parameters:
    ///   - temperature: by which the logits are divided; traps unless it is positive.
    ///   - topK: how many classes stay possible, the likeliest ones (Fan et al., arXiv:1805.04833, section
    ///     5.4); traps unless it is positive; all if nil.
    ///   - topP: the share of the probability that has to be left: the fewest classes that have it stay
    ///     possible (Holtzman et al., arXiv:1904.09751, section 3.1); traps unless it is above 0 and at
    ///     most 1; all if nil. Taken of what temperature and `topK` leave.
    public func narrowed(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil) -> Self {
        guard temperature > 0, topK ?? 1 > 0, topP ?? 1 > 0, topP ?? 1 <= 1 else {
            programmerError(
                "Categorical.narrowed",
                "a temperature of \(temperature), the top \(topK.map { "\($0)" } ?? "all") classes, "
                    + "a share of \(topP ?? 1)")
        }
        let classes = shape[shape.count - 1]
        var logits = stopGradient(logits) / temperature
        let none = Tensor(-.infinity, dataType: dataType)
        if let topK, topK < classes {
            // Equal logits beside the last one stay, too.
            let least = logits.sorted(descending: true)[.ellipsis, topK - 1..<topK]
            logits = select(logits .< least, none, logits)
        }
        if let topP, topP < 1 {
            let sorted = logits.sorted(descending: true)
            let probabilities = softmax(sorted)
            // A class stays if those before it do not have the share.
            let before = probabilities.cumulativeSum(axis: -1) - probabilities
            let stays = select(before .< topP, sorted, Tensor(.infinity, dataType: dataType))
            logits = select(logits .< stays.min(axes: [-1], keepingAxes: true), none, logits)
        }
        return Categorical(logits: logits)
    }
}
