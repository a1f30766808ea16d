import Autograd

extension PoseRecipe {
    /// Of images by a class, a pose and a content.
    typealias ClassObjective = Objective<ClassVariableOutput<CoordinateDecoder.Output>>

    /// A model of which the class is a latent variable beside pose and content, and its training.
    ///
    /// - Parameters:
    ///   - classes: the number of them.
    ///   - areTold: whether labels are known in training.
    ///   - temperature: of relaxed classes in training; nil for the sum over all.
    func programOfClasses(
        _ classes: Int, areTold: Bool, temperature: Double? = nil, for data: DataDescription,
        objective: ClassObjective, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let head = pose.encoder(
            Sequential([]), features: hiddenSizes.last ?? data.elements, contentSize: latentSize,
            of: data.sampleShape, using: &generator)
        return program(
            head, pose.prior, classes, areTold: areTold, temperature: temperature, for: data,
            objective: objective, using: &generator)
    }

    private func program(
        _ head: some VariationalEncoder, _ prior: some Prior, _ classes: Int, areTold: Bool,
        temperature: Double?, for data: DataDescription, objective: ClassObjective,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = ClassVariableModel(
            classifier: MultilayerPerceptron(
                [data.elements] + hiddenSizes + [classes], activation: .tanh, using: &generator),
            encoder: ClassConditionedEncoder(
                elements: data.elements, classes: classes, hiddenSizes: hiddenSizes, head: head,
                activation: .tanh, using: &generator),
            prior: prior,
            decoder: pose.decoder(
                contentSize: latentSize + classes, output, for: Self.name, using: &generator),
            areTold: areTold, temperature: temperature)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: withPoses(objective, classes: true),
            training,
            metrics: areTold ? [ClassificationError()] : [])
    }
}
