import Models

extension SymbolChoice {
    static let temperature = CommandOption(
        "temperature", "X",
        "how varied the values of pixels are that are drawn one by one: below 1 less than they are likely "
            + "(default: 1)")
    static let topK = CommandOption(
        "top-k", "N", "draw only among the N likeliest values of a pixel (default: all)")
    static let topP = CommandOption(
        "top-p", "X",
        "draw only among the fewest values of a pixel that have this share of the probability (default: all)"
    )
    static let options = [temperature, topK, topP]

    /// What options say; nil if they say nothing.
    init?(_ arguments: Arguments) throws(UsageError) {
        let positive = "a number above 0"
        let temperature = try arguments.number(Self.temperature, expected: positive) { $0 > 0 }
        let topK = try arguments.integer(Self.topK, in: 1...Int.max)
        let topP = try arguments.number(Self.topP, expected: positive + ", at most 1") {
            $0 > 0 && $0 <= 1
        }
        if temperature == nil, topK == nil, topP == nil { return nil }
        self.init(temperature: temperature ?? 1, topK: topK, topP: topP)
    }
}
