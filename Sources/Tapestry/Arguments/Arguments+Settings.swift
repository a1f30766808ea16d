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
        settings.schedule =
            try value(
                .schedule,
                expected: LearningRateSchedule.allCases.map(\.rawValue).joined(separator: " or ")
            ) { LearningRateSchedule(rawValue: $0) } ?? base.schedule
        settings.latentSize = try integer(.latentSize, in: 1...65_536) ?? base.latentSize
        settings.beta = try number(.beta, expected: "a number from 0") { $0 >= 0 } ?? base.beta
        settings.penalty =
            try number(.penalty, expected: "a number from 0") { $0 >= 0 } ?? base.penalty
        settings.activeComponents =
            try integer(.activeComponents, in: 1...settings.latentSize) ?? base.activeComponents
        settings.corruption =
            try value(.corruption, expected: CorruptionSetting.expected) { CorruptionSetting($0) }
            ?? base.corruption
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
        var options: [(Option, String)] = [
            (.epochs, "\(epochs)"), (.batchSize, "\(batchSize)"),
            (.learningRate, text(learningRate)), (.schedule, schedule.rawValue),
            (.latentSize, "\(latentSize)"),
        ]
        if let beta { options.append((.beta, text(beta))) }
        if let penalty { options.append((.penalty, text(penalty))) }
        if let activeComponents { options.append((.activeComponents, "\(activeComponents)")) }
        if let corruption { options.append((.corruption, "\(corruption)")) }
        return options + [(.seed, "\(seed)")]
    }
}
