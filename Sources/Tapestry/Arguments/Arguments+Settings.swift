import Autograd
import Models

extension Arguments {
    /// The settings with what the options say in place of what they said.
    func settings(changing base: Settings) throws(UsageError) -> Settings {
        var settings = base
        settings.epochs = try integer(.epochs, in: 1...1_000_000) ?? base.epochs
        settings.batchSize = try integer(.batchSize, in: 1...1_000_000) ?? base.batchSize
        settings.learningRate =
            try number(.learningRate, expected: "a number above 0") { $0 > 0 } ?? base.learningRate
        settings.latentSize = try integer(.latentSize, in: 1...65_536) ?? base.latentSize
        settings.beta = try number(.beta, expected: "a number from 0") { $0 >= 0 } ?? base.beta
        settings.seed = try seed() ?? base.seed
        return settings
    }

    func seed() throws(UsageError) -> UInt64? {
        try integer(.seed, in: 0...Int.max).map(UInt64.init)
    }

    /// Makes the operations use as many threads as asked.
    func applyThreads() throws(UsageError) {
        if let threads = try integer(.threads, in: 1...Threads.maximum) { Threads.count = threads }
    }
}

extension Settings {
    /// The options for settings, and what they would have to say for these.
    var asOptions: [(option: Option, value: String)] {
        func text(_ number: Double) -> String {
            let digits = "\(number)"
            return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
        }
        return [
            (.epochs, "\(epochs)"), (.batchSize, "\(batchSize)"),
            (.learningRate, text(learningRate)), (.latentSize, "\(latentSize)"),
            (.beta, text(beta)), (.seed, "\(seed)"),
        ]
    }
}
