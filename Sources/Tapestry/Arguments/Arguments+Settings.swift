import Autograd
import Models

extension Arguments {
    /// The settings with what the options say in place of what they said.
    func settings(changing base: Settings) throws(UsageError) -> Settings {
        var settings = base
        settings.pretraining = try choice(.pretraining) ?? base.pretraining
        let leastEpochs = settings.hasPretraining ? 0 : 1
        settings.epochs = try integer(.epochs, in: leastEpochs...1_000_000) ?? base.epochs
        settings.batchSize = try integer(.batchSize, in: 1...1_000_000) ?? base.batchSize
        settings.learningRate =
            try number(.learningRate, expected: "a number above 0") { $0 > 0 } ?? base.learningRate
        settings.optimizer = try choice(.optimizer) ?? base.optimizer
        settings.weightDecay =
            try number(.weightDecay, expected: "a number from 0") { $0 >= 0 } ?? base.weightDecay
        settings.schedule = try choice(.schedule) ?? base.schedule
        settings.latentSize = try integer(.latentSize, in: 1...65_536) ?? base.latentSize
        settings.hiddenSizes =
            try value(.hiddenSizes, expected: Self.hiddenSizes) {
                Self.hiddenSizes($0)
            } ?? base.hiddenSizes
        settings.beta = try number(.beta, expected: "a number from 0") { $0 >= 0 } ?? base.beta
        settings.penalty =
            try number(.penalty, expected: "a number from 0") { $0 >= 0 } ?? base.penalty
        let components = 1...max(1, settings.latentSize)
        settings.activeComponents =
            try integer(.activeComponents, in: components) ?? base.activeComponents
        settings.evaluatedComponents =
            try integer(.evaluatedComponents, in: components) ?? base.evaluatedComponents
        settings.corruption =
            try value(.corruption, expected: CorruptionSetting.expected) { CorruptionSetting($0) }
            ?? base.corruption
        settings.regularizer = try choice(.regularizer) ?? base.regularizer
        settings.projections =
            try integer(.projections, in: 0...1_000_000) ?? base.projections
        settings.initialization = try choice(.initialization) ?? base.initialization
        settings.pretrainingEpochs =
            try integer(.pretrainingEpochs, in: 1...1_000_000) ?? base.pretrainingEpochs
        settings.gibbsSteps = try integer(.gibbsSteps, in: 1...1_000_000) ?? base.gibbsSteps
        settings.chains = try choice(.chains) ?? base.chains
        settings.visibleUnits = try choice(.visibleUnits) ?? base.visibleUnits
        settings.factor = try integer(.factor, in: 2...4) ?? base.factor
        settings.dropout =
            try number(.dropout, expected: "a number from 0 and below 1") { 0..<1 ~= $0 }
            ?? base.dropout
        settings.rounds = try integer(.rounds, in: 1...1000) ?? base.rounds
        settings.seed = try seed() ?? base.seed
        return settings
    }

    private static let hiddenSizes = "positive numbers with commas between them, or none"

    private static func hiddenSizes(_ text: String) -> [Int]? {
        if text == "none" { return [] }
        let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            .map { Int($0) ?? 0 }
        return sizes.allSatisfy { 1...65_536 ~= $0 } ? sizes : nil
    }

    func seed() throws(UsageError) -> UInt64? {
        try integer(.seed, in: 0...Int.max).map(UInt64.init)
    }

    /// One of the values of a type, by its name.
    private func choice<Value>(_ option: Option) throws(UsageError) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        try value(
            option, expected: Value.allCases.map(\.rawValue).joined(separator: " or ")
        ) { Value(rawValue: $0) }
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
            (.learningRate, text(learningRate)), (.optimizer, optimizer.rawValue),
            (.weightDecay, text(weightDecay)),
            (.schedule, schedule.rawValue),
        ]
        if latentSize > 0 { options.append((.latentSize, "\(latentSize)")) }
        let sizes = hiddenSizes.map(String.init).joined(separator: ",")
        options.append((.hiddenSizes, sizes.isEmpty ? "none" : sizes))
        if let beta { options.append((.beta, text(beta))) }
        if let penalty { options.append((.penalty, text(penalty))) }
        if let activeComponents { options.append((.activeComponents, "\(activeComponents)")) }
        if let evaluated = evaluatedComponents ?? activeComponents {
            options.append((.evaluatedComponents, "\(evaluated)"))
        }
        if let corruption { options.append((.corruption, "\(corruption)")) }
        if let regularizer { options.append((.regularizer, regularizer.rawValue)) }
        if let projections { options.append((.projections, "\(projections)")) }
        if let initialization { options.append((.initialization, initialization.rawValue)) }
        if let pretraining { options.append((.pretraining, pretraining.rawValue)) }
        if let pretrainingEpochs {
            options.append((.pretrainingEpochs, "\(pretrainingEpochs)"))
        }
        if let gibbsSteps { options.append((.gibbsSteps, "\(gibbsSteps)")) }
        if let chains { options.append((.chains, chains.rawValue)) }
        if let visibleUnits { options.append((.visibleUnits, visibleUnits.rawValue)) }
        if let factor { options.append((.factor, "\(factor)")) }
        if let dropout { options.append((.dropout, text(dropout))) }
        if let rounds { options.append((.rounds, "\(rounds)")) }
        return options + [(.seed, "\(seed)")]
    }
}
