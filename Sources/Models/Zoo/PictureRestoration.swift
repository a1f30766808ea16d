import Autograd

extension Recipe {
    /// A network that removes noise from pictures of any size (Zhang, Zuo, Chen, Meng and Zhang,
    /// "Beyond a Gaussian Denoiser", arXiv:1608.03981).
    ///
    /// - How it works: convolutions of stride 1 find the noise, which is subtracted. What is noise
    ///   can be told from a small neighbourhood, so the picture needs no code.
    /// - When to use it: to clean photographs and micrographs, by `tapestry apply`. For features
    ///   use ``denoising``, whose code has to hold what the picture shows.
    public static let denoise = Recipe(
        name: "denoise",
        summary: "convolutions that remove noise from pictures of any size",
        citation: "Zhang, Zuo, Chen, Meng and Zhang, arXiv:1608.03981 (2016)",
        defaults: restorationSettings(
            hiddenSizes: [32, 32, 32, 32], corruption: .gaussian(0.1)),
        data: "colour-shapes", requirement: shownPictures
    ) { settings, inputShape, generator in
        let channels = PictureShape(of: inputShape, for: "denoise").channels
        let network = ResidualPictureNetwork(
            channels: channels, resultChannels: channels, features: settings.hiddenSizes,
            using: &generator)
        let noise = settings.corruption ?? .gaussian(0)
        return restoration(network, noise.corruption, settings, inputShape)
    }

    /// A network that makes pictures two to four times as large (Shi et al., "Real-Time Single
    /// Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
    /// Network", arXiv:1609.05158).
    ///
    /// - How it works: it sees pictures made smaller, and learns what bicubic interpolation misses
    ///   of the true ones: mostly edges. It works at the small size; only the last layer makes,
    ///   for each pixel, the several it becomes.
    /// - When to use it: to enlarge pictures of the kind that it was trained on.
    public static let superresolve = Recipe(
        name: "superresolve",
        summary: "sub-pixel convolutions that enlarge pictures of any size",
        citation: "Shi et al., arXiv:1609.05158 (2016)",
        defaults: restorationSettings(hiddenSizes: [48, 48, 48], factor: 2),
        data: "colour-shapes",
        requirement: dividedPictures
    ) { settings, inputShape, generator in
        let channels = PictureShape(of: inputShape, for: "superresolve").channels
        let factor = settings.factor ?? 1
        let network = ResidualPictureNetwork(
            channels: channels, resultChannels: channels, factor: factor,
            features: settings.hiddenSizes, using: &generator)
        return restoration(network, Downscaling(by: factor), settings, inputShape)
    }

    /// A network that gives grey pictures colours (Zhang, Isola and Efros, "Colorful Image
    /// Colorization", arXiv:1603.08511, in a small form with squared errors; dilated convolutions
    /// as Yu and Koltun, arXiv:1511.07122).
    ///
    /// - How it works: what has which colour cannot be told from a pixel, so its layers look
    ///   further and further, at pixels 1, 2, 4, … apart, and nearer again. Where several colours
    ///   are possible, it chooses their mean: pale ones.
    /// - When to use it: for pictures of one kind, whose colours are known of others.
    public static let colourise = Recipe(
        name: "colourise",
        summary: "dilated convolutions that give grey pictures of any size their colours",
        citation: "Zhang, Isola and Efros, arXiv:1603.08511 (2016)",
        defaults: restorationSettings(hiddenSizes: [32, 32, 32, 32, 32, 32]),
        data: "colour-shapes",
        requirement: picturesInColour
    ) { settings, inputShape, generator in
        let last = settings.hiddenSizes.count - 1
        let network = ResidualPictureNetwork(
            channels: 1, resultChannels: 3, features: settings.hiddenSizes,
            dilations: settings.hiddenSizes.indices.map { 1 << min($0, last - $0) },
            using: &generator)
        return restoration(network, Greying(), settings, inputShape)
    }

    @Sendable private static func shownPictures(
        _ settings: Settings, _ inputShape: [Int]
    ) -> String? {
        PictureShape(inputShape).map { [1, 3].contains($0.channels) } == true
            ? nil : "pictures, of shape [height, width], or with 1 or 3 channels before that"
    }

    @Sendable private static func dividedPictures(
        _ settings: Settings, _ inputShape: [Int]
    ) -> String? {
        if let requirement = shownPictures(settings, inputShape) { return requirement }
        let factor = settings.factor ?? 1
        let isDivided = PictureShape(inputShape).map {
            $0.size.height % factor == 0 && $0.size.width % factor == 0
        }
        return isDivided == true ? nil : "pictures whose sides \(factor) divides"
    }

    @Sendable private static func picturesInColour(
        _ settings: Settings, _ inputShape: [Int]
    ) -> String? {
        PictureShape(inputShape)?.channels == 3
            ? nil : "pictures in colour, of shape [3, height, width]"
    }

    private static func restorationSettings(
        hiddenSizes: [Int], corruption: CorruptionSetting? = nil, factor: Int? = nil
    ) -> Settings {
        Settings(
            epochs: 20, batchSize: 32, schedule: .cosine, latentSize: 0, hiddenSizes: hiddenSizes,
            reconstruction: .squaredError, corruption: corruption, factor: factor)
    }

    private static func restoration(
        _ network: ResidualPictureNetwork, _ degradation: some Corruption, _ settings: Settings,
        _ inputShape: [Int]
    ) -> (model: any AutoencoderModel, objective: Objective) {
        (
            Restoring(network, from: degradation, of: inputShape),
            Objective(Reconstruction(settings.reconstruction))
        )
    }
}
